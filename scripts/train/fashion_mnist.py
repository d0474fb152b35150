"""Read Fashion-MNIST as Debian's dataset-fashion-mnist installs it."""
import gzip
from pathlib import Path

import numpy as np

FOLDER = Path("/usr/share/datasets/fashion-mnist")
SEED = 20240


def read_idx(path: Path) -> np.ndarray:
    """An array of bytes in IDX format: two zeros, type 8, rank, big-endian sizes, data."""
    with gzip.open(path) as file:
        raw = file.read()
    if raw[:3] != b"\0\0\x08":
        raise SystemExit(f"{path}: not an IDX file of bytes")
    rank = raw[3]
    sizes = np.frombuffer(raw, ">i4", rank, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(sizes)


def load(_work: Path) -> dict:
    """Return uint8 images [n,28,28] and labels: train_x, train_y (60,000), held_x, held_y (10,000).

    The held-out images are the official test set, shuffled.
    """
    if not FOLDER.is_dir():
        raise SystemExit(f"no {FOLDER}: install Debian's dataset-fashion-mnist")
    out = {}
    for half, name in (("train", "train"), ("held", "t10k")):
        out[half + "_x"] = read_idx(FOLDER / f"{name}-images-idx3-ubyte.gz")
        out[half + "_y"] = read_idx(FOLDER / f"{name}-labels-idx1-ubyte.gz")
    order = np.random.default_rng(SEED).permutation(len(out["held_x"]))
    out["held_x"], out["held_y"] = out["held_x"][order], out["held_y"][order]
    return out
