"""Resized planes by Pillow and PyTorch, for test/metrics/preprocess.test.ts.

    python3 scripts/recorded/resize.py > test/recorded/resize.json

Planes are bytes of an integer sequence that JavaScript makes again: (37 i^2 + 11 i) mod 256 at place i.
"""

import json

import numpy as np
import PIL
import torch
from PIL import Image


def plane(height, width):
    i = np.arange(height * width, dtype=np.int64)
    return ((37 * i * i + 11 * i) % 256).astype(np.float32).reshape(height, width)


def bicubic(image, height, width):
    return np.asarray(Image.fromarray(image, mode="F").resize((width, height), Image.BICUBIC))


def bilinear(image, height, width):
    tensor = torch.from_numpy(image)[None, None]
    return torch.nn.functional.interpolate(tensor, (height, width), mode="bilinear", align_corners=False)[0, 0].numpy()


SIZES = [((6, 8), (13, 9)), ((12, 17), (5, 4)), ((7, 7), (7, 7)), ((5, 20), (9, 6))]
cases = [
    {"method": name, "from": a, "to": b, "values": [round(float(v), 4) for v in method(plane(*a), *b).ravel()]}
    for name, method in (("bilinear", bilinear), ("bicubic-antialias", bicubic))
    for a, b in SIZES
]
print(json.dumps({"pillow": PIL.__version__, "torch": torch.__version__, "cases": cases}))
