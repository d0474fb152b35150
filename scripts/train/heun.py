"""Deterministic Heun sampling (Karras et al. 2022) with classifier-free guidance, of either process."""
import torch

from nets import NULL_CLASS

RHO = 7.0


def ladder(process, steps):
    """The EDM noise levels, largest first, with a final 0."""
    t = torch.linspace(0, 1, steps, dtype=torch.float64)
    low, high = process.sigma_min ** (1 / RHO), process.sigma_max ** (1 / RHO)
    return torch.cat([(high + t * (low - high)) ** RHO, torch.zeros(1, dtype=torch.float64)]).tolist()


def guided(net, guidance):
    """Classifier-free guidance: null + g (label - null), both halves in one call; g = 1 is the net itself."""
    if guidance == 1:
        return net

    def call(x, time, label):
        null = torch.full_like(label, NULL_CLASS)
        both = net(torch.cat([x, x]), torch.cat([time, time]), torch.cat([label, null]))
        with_label, without = both.chunk(2)
        return without + guidance * (with_label - without)

    return call


@torch.no_grad()
def sample(process, net, label, steps=18, generator=None):
    """One image per label."""
    levels = ladder(process, steps)
    x = torch.randn(len(label), 1, 28, 28, generator=generator) * levels[0]
    for here, there in zip(levels, levels[1:]):
        slope = (x - process.denoise(net, x, here, label)) / here
        ahead = x + (there - here) * slope
        if there > 0:
            slope2 = (ahead - process.denoise(net, ahead, there, label)) / there
            ahead = x + (there - here) * (slope + slope2) / 2
        x = ahead
    return x
