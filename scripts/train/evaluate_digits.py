"""Sample digits with the EDM Heun solver and measure them."""
import struct
import time
import zlib

import numpy as np
import scipy.linalg
import torch

import dataset
import edm
from nets import NULL_CLASS
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
    return torch.cdist(points.flatten(1), pool.flatten(1)).min(1).values / 28


def report(classifier, denoiser, data, sigma_data, cache, log, per_class=100, seed=5):
    """Sample with and without guidance, measure against the bar and write grid.png into the cache."""
    label = torch.arange(10).repeat(per_class)

    def draw(guidance):
        start = time.time()
        generator = torch.Generator().manual_seed(seed)
        net = edm.guided(denoiser, NULL_CLASS, guidance)
        images = torch.cat([edm.sample(net, part, sigma_data, generator=generator) for part in label.split(100)])
        features, logits = outputs(classifier, images)
        hits = logits.argmax(1) == label
        log(f"evaluate {len(label)} samples, 18 Heun steps, guidance {guidance}, seed {seed}: recognised "
            f"{float(hits.double().mean()):.4f}, per class "
            f"{[int(hits[label == n].sum()) for n in range(10)]} of {per_class}, "
            f"seconds {time.time() - start:.0f}")
        return images, features

    guided_features = draw(1.5)[1]
    images, features = draw(1)

    held = torch.from_numpy(dataset.to_model(data["held_x"]))
    train = torch.from_numpy(dataset.to_model(data["train_x"]))
    real = statistics(outputs(classifier, held)[0].numpy())
    train_features = outputs(classifier, train)[0].numpy()
    picks = np.concatenate([np.flatnonzero(data["train_y"] == n)[:per_class] for n in range(10)])
    log(f"evaluate Frechet distance to held-out: samples {frechet(statistics(features.numpy()), real):.3f}, "
        f"guided samples {frechet(statistics(guided_features.numpy()), real):.3f}, "
        f"1,000 training images {frechet(statistics(train_features[picks]), real):.3f}, "
        f"all training images {frechet(statistics(train_features), real):.3f}")
    log(f"evaluate nearest training image, median RMS: samples "
        f"{float(nearest(images, train).median()):.4f}, held-out {float(nearest(held, train).median()):.4f}")
    border = torch.cat([images[:, 0, 0], images[:, 0, -1], images[:, 0, :, 0], images[:, 0, :, -1]], 1)
    log(f"evaluate border pixels: mean {float(border.mean()):.4f}, share above -0.95 "
        f"{float((border > -0.95).double().mean()):.5f}; values outside [-1.05,1.05] "
        f"{float((images.abs() > 1.05).double().mean()):.5f}")
    grid = images[:100].clamp(-1, 1).add(1).mul(127.5).round().byte().numpy()[:, 0]
    write_png(cache / "grid.png", grid)
