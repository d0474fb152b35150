"""The two networks: the UNet of both processes and the classifier."""
import math

import torch
from torch import nn
from torch.nn import functional as nf

CLASSES = 10
NULL_CLASS = 10


class Conv2d(nn.Conv2d):
    """Convolution computed in bfloat16 while training, in float32 otherwise."""

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        half = torch.bfloat16
        return self._conv_forward(x.to(half), self.weight.to(half), self.bias.to(half)).float()


class Block(nn.Module):
    """Residual block; the embedding scales and shifts its middle."""

    def __init__(self, cin: int, cout: int, emb: int):
        super().__init__()
        self.cout = cout
        self.norm1 = nn.GroupNorm(8, cin)
        self.conv1 = Conv2d(cin, cout, 3, padding=1)
        self.affine = nn.Linear(emb, 2 * cout)
        self.norm2 = nn.GroupNorm(8, cout)
        self.conv2 = Conv2d(cout, cout, 3, padding=1)
        self.skip = Conv2d(cin, cout, 1) if cin != cout else nn.Identity()
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x, emb):
        h = self.conv1(nf.silu(self.norm1(x)))
        scale, shift = self.affine(emb)[:, :, None, None].split(self.cout, 1)
        h = nf.silu(self.norm2(h) * (1 + scale) + shift)
        return self.skip(x) + self.conv2(h)


class Attention(nn.Module):
    """Self-attention over the 7x7 positions of one image."""

    def __init__(self, channels: int, heads: int = 2):
        super().__init__()
        self.heads, self.width = heads, channels // heads
        self.norm = nn.GroupNorm(8, channels)
        self.qkv = Conv2d(channels, 3 * channels, 1)
        self.out = Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x):
        q, k, v = self.qkv(self.norm(x)).reshape(-1, 3, self.heads, self.width, 49).unbind(1)
        weights = (q.transpose(-1, -2) @ k / math.sqrt(self.width)).softmax(-1)
        mixed = v @ weights.transpose(-1, -2)
        return x + self.out(mixed.reshape(-1, self.heads * self.width, 7, 7))


class Denoiser(nn.Module):
    """UNet 28 -> 14 -> 7; every operator works on one image at a time."""

    def __init__(self, widths=(32, 64, 96), emb=128, waves=16):
        super().__init__()
        a, b, c = widths
        self.register_buffer("waves", torch.logspace(0, 5, waves, base=2.0))
        self.noise1 = nn.Linear(2 * waves, emb)
        self.noise2 = nn.Linear(emb, emb)
        self.label = nn.Embedding(CLASSES + 1, emb)
        self.stem = Conv2d(1, a, 3, padding=1)
        self.down28 = Block(a, a, emb)
        self.to14 = Conv2d(a, a, 3, stride=2, padding=1)
        self.down14 = Block(a, b, emb)
        self.to7 = Conv2d(b, b, 3, stride=2, padding=1)
        self.down7 = Block(b, c, emb)
        self.attention = Attention(c)
        self.middle = Block(c, c, emb)
        self.up7 = Block(2 * c, b, emb)
        self.from7 = Conv2d(b, b, 3, padding=1)
        self.up14 = Block(2 * b, b, emb)
        self.from14 = Conv2d(b, a, 3, padding=1)
        self.up28 = Block(2 * a, a, emb)
        self.norm = nn.GroupNorm(8, a)
        self.head = Conv2d(a, 1, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x, c_noise, label):
        phase = c_noise[:, None] * self.waves
        emb = nf.silu(self.noise1(torch.cat([phase.sin(), phase.cos()], 1)))
        emb = nf.silu(self.noise2(emb) + self.label(label))
        h28 = self.down28(self.stem(x), emb)
        h14 = self.down14(self.to14(h28), emb)
        h7 = self.down7(self.to7(h14), emb)
        h = self.middle(self.attention(h7), emb)
        h = self.up7(torch.cat([h, h7], 1), emb)
        h = self.from7(nf.interpolate(h, size=(14, 14), mode="nearest"))
        h = self.up14(torch.cat([h, h14], 1), emb)
        h = nf.interpolate(self.from14(h), size=(28, 28), mode="nearest")
        h = self.up28(torch.cat([h, h28], 1), emb)
        return self.head(nf.silu(self.norm(h)))


class Classifier(nn.Module):
    """Small convolutional classifier; returns (features [n,64], logits [n,10])."""

    def __init__(self):
        super().__init__()
        layers = []
        for cin, cout, stride in ((1, 24, 1), (24, 32, 2), (32, 48, 1), (48, 48, 2), (48, 32, 1)):
            layers += [nn.Conv2d(cin, cout, 3, stride, 1), nn.BatchNorm2d(cout), nn.SiLU()]
        self.body = nn.Sequential(*layers)
        self.features = nn.Linear(32 * 49, 64)
        self.drop = nn.Dropout(0.3)
        self.logits = nn.Linear(64, CLASSES)

    def forward(self, x):
        features = nf.silu(self.features(self.body(x).flatten(1)))
        return features, self.logits(self.drop(features))
