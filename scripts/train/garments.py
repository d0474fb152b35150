"""The recipe of models/garments: DDPM on Fashion-MNIST."""
import torch

import fashion_mnist
from ddpm import Ddpm
from recipe import Recipe


def mirror(x):
    """Mirror half of the images."""
    return torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(3), x)


RECIPE = Recipe(
    name="garments",
    load=fashion_mnist.load,
    process=Ddpm(),
    augment=mirror,
    classes=["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
    epochs=6,
    steps=8500,
    guidances=(1, 1.5, 2),
    license="MIT (weights, scripts and Fashion-MNIST, (c) 2017 Zalando SE)",
    description="Class-conditional garments, 28x28 grey, trained on Fashion-MNIST (60,000 images)",
)
