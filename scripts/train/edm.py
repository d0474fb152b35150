"""The EDM preconditioning, its training loss and its Heun sampler."""
import torch

SIGMA_MIN, SIGMA_MAX, RHO = 0.002, 80.0, 7.0


def coefficients(sigma, sigma_data):
    """Return c_skip, c_out, c_in, c_noise for noise levels `sigma`."""
    total = sigma ** 2 + sigma_data ** 2
    return (sigma_data ** 2 / total, sigma * sigma_data / total.sqrt(),
            1 / total.sqrt(), sigma.log() / 4)


def raw_loss(net, clean, label, sigma, noise, sigma_data):
    """Squared error of F per image; EDM's weighting makes this plain."""
    s = sigma[:, None, None, None]
    c_skip, c_out, c_in, _ = coefficients(s, sigma_data)
    noisy = clean + s * noise
    target = (clean - c_skip * noisy) / c_out
    return (net(c_in * noisy, sigma.log() / 4, label).float() - target).square().mean((1, 2, 3))


def denoise(net, x, sigma, label, sigma_data):
    """The denoised image D(x; sigma) at one noise level for the whole batch."""
    level = torch.full((len(x),), float(sigma))
    c_skip, c_out, c_in, c_noise = coefficients(level, sigma_data)
    wide = (slice(None), None, None, None)
    return c_skip[wide] * x + c_out[wide] * net(c_in[wide] * x, c_noise, label)


def ladder(steps):
    """The EDM noise levels, largest first, with a final 0."""
    t = torch.linspace(0, 1, steps, dtype=torch.float64)
    low, high = SIGMA_MIN ** (1 / RHO), SIGMA_MAX ** (1 / RHO)
    return torch.cat([(high + t * (low - high)) ** RHO, torch.zeros(1, dtype=torch.float64)]).tolist()


def guided(net, null_label, guidance):
    """Classifier-free guidance: F_null + g (F_label - F_null), both halves in one call; g = 1 is the net itself."""
    if guidance == 1:
        return net

    def call(x, c_noise, label):
        null = torch.full_like(label, null_label)
        both = net(torch.cat([x, x]), torch.cat([c_noise, c_noise]), torch.cat([label, null]))
        with_label, without = both.chunk(2)
        return without + guidance * (with_label - without)

    return call


@torch.no_grad()
def sample(net, label, sigma_data, steps=18, generator=None):
    """Deterministic Heun sampling of one image per label."""
    levels = ladder(steps)
    x = torch.randn(len(label), 1, 28, 28, generator=generator) * levels[0]
    for here, there in zip(levels, levels[1:]):
        slope = (x - denoise(net, x, here, label, sigma_data)) / here
        ahead = x + (there - here) * slope
        if there > 0:
            slope2 = (ahead - denoise(net, ahead, there, label, sigma_data)) / there
            ahead = x + (there - here) * (slope + slope2) / 2
        x = ahead
    return x
