"""What one bundled model is made of; digits.py and garments.py each hold one."""
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Union

import numpy as np
import torch

from ddpm import Ddpm
from edm import Edm


@dataclass(frozen=True)
class Recipe:
    name: str
    load: Callable[[Path], dict]  # bytes and labels, as mnist.load
    process: Union[Edm, Ddpm]
    augment: Callable[[torch.Tensor], torch.Tensor]  # of the classifier's images
    classes: list
    epochs: int  # of the classifier
    steps: int  # of the denoiser, 64 images each
    guidances: tuple  # that the evaluation samples with
    license: str
    description: str


def to_model(images: np.ndarray) -> torch.Tensor:
    """Map bytes [n,28,28] to float32 -1..1, shape [n,1,28,28]."""
    return torch.from_numpy((images.astype(np.float32) / 127.5 - 1.0)[:, None])


def tensors(data: dict, half: str) -> tuple:
    """Images and labels of one half of the data, "train" or "held"."""
    return to_model(data[half + "_x"]), torch.from_numpy(data[half + "_y"].astype("int64"))
