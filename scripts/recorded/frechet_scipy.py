"""Fréchet distances by scipy, on data that JavaScript makes again from the recipes (test/metrics/recipe.ts).

    python3 scripts/recorded/frechet_scipy.py > test/recorded/frechet-scipy.json

`sqrtm` is pytorch-fid's formula, trace of scipy.linalg.sqrtm(S1 @ S2); `svd` is the same number from the singular values of the
product of both centred data matrices, which needs no square root and is the better one where covariances are singular (sqrtm is
then left out where it takes long).
"""

import json

import numpy as np
import scipy
from scipy import linalg


def noise(seed, rows, columns):
    """Uniform on (-1/2, 1/2): a 32-bit mix (Murmur3's finalizer) of the element's place."""
    x = np.arange(rows * columns, dtype=np.uint64) + np.uint64(seed * 0x9E3779B9 % 2**32)
    x &= np.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x ^= x >> np.uint64(shift)
        x = x * np.uint64(factor) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(16)
    return ((x.astype(np.float64) + 0.5) / 2**32 - 0.5).reshape(rows, columns)


def data(recipe):
    """Columns fall by 10^(-decay j / d), share a common factor, and are shifted."""
    seed, rows, d = recipe["seed"], recipe["rows"], recipe["dimension"]
    scale = 10.0 ** (-recipe["decay"] * np.arange(d) / d)
    common = noise(seed + 1, rows, 1)
    return scale * (noise(seed, rows, d) + recipe["common"] * common) + recipe["shift"]


def distance(a, b, with_sqrtm):
    (mu_a, mu_b), (s_a, s_b) = ([x.mean(0) for x in (a, b)], [np.cov(x, rowvar=False) for x in (a, b)])
    rest = ((mu_a - mu_b) ** 2).sum() + np.trace(s_a) + np.trace(s_b)
    roots = [(x - x.mean(0)) / np.sqrt(len(x) - 1) for x in (a, b)]
    found = {"svd": rest - 2 * linalg.svdvals(roots[0] @ roots[1].T).sum()}
    if with_sqrtm:
        found["sqrtm"] = rest - 2 * np.trace(linalg.sqrtm(s_a @ s_b).real)
    return found


def side(seed, rows, dimension, decay=0.0, common=0.0, shift=0.0):
    return {"seed": seed, "rows": rows, "dimension": dimension, "decay": decay, "common": common, "shift": shift}


CASES = {
    "well conditioned, d 16": (side(1, 200, 16), side(3, 300, 16, common=0.5, shift=0.1)),
    "well conditioned, d 100": (side(5, 500, 100), side(7, 400, 100, common=0.3)),
    "well conditioned, d 300": (side(9, 900, 300), side(11, 700, 300, shift=0.02)),
    "condition 1e8, d 64": (side(13, 300, 64, decay=4), side(15, 300, 64, decay=4, common=1)),
    "condition 1e16, d 128": (side(17, 500, 128, decay=8), side(19, 500, 128, decay=6, shift=0.01)),
    "one side of condition 1e12, d 128": (side(21, 400, 128, decay=6), side(23, 400, 128)),
    "fewer vectors than dimensions, d 128": (side(25, 50, 128), side(27, 80, 128, common=0.4)),
    "one side singular, d 200": (side(29, 60, 200), side(31, 600, 200, shift=0.05)),
    "singular and falling, d 256": (side(33, 40, 256, decay=3), side(35, 400, 256, decay=3)),
    "far from zero, d 32": (side(37, 200, 32, shift=1000.0), side(39, 200, 32, shift=1000.5)),
    "300 and 200 vectors, d 2048": (side(41, 300, 2048, decay=1), side(43, 200, 2048, decay=1, common=0.2)),
}

cases = [
    {"name": name, "a": a, "b": b, **distance(data(a), data(b), a["dimension"] < 1000)} for name, (a, b) in CASES.items()
]
print(json.dumps({"scipy": scipy.__version__, "numpy": np.__version__, "cases": cases}, indent=1))
