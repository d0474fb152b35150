"""Sample with the Heun solver and measure against held-out and training images."""
import struct
import time
import zlib

import numpy as np
import scipy.linalg
import torch

import heun
from recipe import tensors
from train_classifier import outputs


def statistics(features):
    """Mean and covariance (divisor n-1) in float64."""
    features = features.astype(np.float64)
    return features.mean(0), np.cov(features, rowvar=False)


def frechet(a, b):
    """Frechet distance between two Gaussians given as (mean, covariance)."""
    root = scipy.linalg.sqrtm(a[1] @ b[1])
    return float(np.square(a[0] - b[0]).sum() + np.trace(a[1] + b[1] - 2 * np.real(root)))


def write_png(path, images):
    """Write byte images [100,28,28] as a 10x10 grey grid."""
    rows = images.reshape(10, 10, 28, 28).transpose(0, 2, 1, 3).reshape(280, 280)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 280, 280, 8, 0, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


def nearest(points, pool):
    """Root-mean-square pixel distance of each point to its nearest in the pool."""
    flat = pool.flatten(1)
    return torch.cat([torch.cdist(part, flat).min(1).values for part in points.flatten(1).split(250)]) / 28


def report(recipe, classifier, denoiser, data, cache, log, per_class=100, seed=5):
    """Sample at each guidance, measure against the bar and write grid.png of the last into the cache."""
    label = torch.arange(10).repeat(per_class)
    held, train = tensors(data, "held")[0], tensors(data, "train")[0]
    real = statistics(outputs(classifier, held)[0].numpy())

    def distance(features):
        return frechet(statistics(features), real)

    for guidance in recipe.guidances:
        start = time.time()
        generator = torch.Generator().manual_seed(seed)
        net = heun.guided(denoiser, guidance)
        images = torch.cat([heun.sample(recipe.process, net, part, generator=generator) for part in label.split(100)])
        features, logits = outputs(classifier, images)
        hits = logits.argmax(1) == label
        border = torch.cat([images[:, 0, 0], images[:, 0, -1], images[:, 0, :, 0], images[:, 0, :, -1]], 1)
        log(f"evaluate {len(label)} samples, 18 Heun steps, guidance {guidance}, seed {seed}: recognised "
            f"{float(hits.double().mean()):.4f}, per class "
            f"{[int(hits[label == n].sum()) for n in range(10)]} of {per_class}, "
            f"Frechet distance to held-out {distance(features.numpy()):.3f}, "
            f"nearest training image, median RMS {float(nearest(images, train).median()):.4f}, "
            f"border pixels mean {float(border.mean()):.4f}, share above -0.95 "
            f"{float((border > -0.95).double().mean()):.5f}, "
            f"values outside [-1.05,1.05] {float((images.abs() > 1.05).double().mean()):.5f}, "
            f"seconds {time.time() - start:.0f}")
    write_png(cache / "grid.png", images[:100].clamp(-1, 1).add(1).mul(127.5).round().byte().numpy()[:, 0])

    train_features = outputs(classifier, train)[0].numpy()
    picks = np.concatenate([np.flatnonzero(data["train_y"] == n)[:per_class] for n in range(10)])
    log(f"evaluate Frechet distance to held-out: 1,000 training images {distance(train_features[picks]):.3f}, "
        f"all training images {distance(train_features):.3f}; "
        f"nearest training image, median RMS: held-out {float(nearest(held[:1000], train).median()):.4f}")
