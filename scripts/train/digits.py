"""The recipe of models/digits: EDM on MNIST digits."""
import math

import torch
from torch.nn import functional as nf

import mnist
from edm import Edm
from recipe import Recipe


def jitter(x):
    """Turn, scale, shear and shift each image a little."""
    n = len(x)
    angle = (torch.rand(n) - 0.5) * math.radians(24)
    size = 1 + (torch.rand(n) - 0.5) * 0.2
    shear = (torch.rand(n) - 0.5) * 0.3
    shift = (torch.rand(n, 2) - 0.5) * (4 / 14)
    cos, sin = angle.cos() * size, angle.sin() * size
    rows = torch.stack([cos, shear - sin, shift[:, 0], sin, cos, shift[:, 1]], 1).view(n, 2, 3)
    grid = nf.affine_grid(rows, list(x.shape), align_corners=False)
    return nf.grid_sample(x + 1, grid, align_corners=False) - 1


RECIPE = Recipe(
    name="digits",
    load=mnist.load,
    process=Edm(sigma_data=0.62),  # standard deviation of the training pixels (0.617), rounded
    augment=jitter,
    classes=[str(n) for n in range(10)],
    epochs=24,
    steps=7500,
    guidances=(1, 1.5),
    license="MIT (weights and scripts); trained on MNIST, which is said to be CC BY-SA 3.0: see README.md",
    description="Class-conditional handwritten digits, 28x28 grey, trained on 8,500 MNIST images",
)
