"""The EDM process (Karras et al. 2022): preconditioning, training loss, denoised image."""
import math

import torch

from nets import Denoiser

# Noise law (mean and deviation of ln sigma): EDM's own first, then a broader one,
# because these digits take their shape at sigma 1 to 8, which EDM's law seldom draws.
BROAD_FROM, EDM_LAW, BROAD_LAW = 2500, (-1.2, 1.2), (-0.4, 1.6)


def coefficients(sigma, sigma_data):
    """Return c_skip, c_out, c_in for noise levels `sigma`."""
    total = sigma ** 2 + sigma_data ** 2
    return sigma_data ** 2 / total, sigma * sigma_data / total.sqrt(), 1 / total.sqrt()


class Edm:
    """A raw network F(x, c_noise, label) of noise levels sigma, c_noise = ln(sigma)/4."""

    sigma_min, sigma_max = 0.002, 80
    # Names of the exported network's time and output.
    time_name, output_name = "c_noise", "F"

    def __init__(self, sigma_data):
        self.sigma_data = sigma_data

    def network(self):
        return Denoiser()

    def draw(self, n, step, generator=None):
        """Log-normal noise levels, one from each of n equal slices of the law."""
        mean, deviation = EDM_LAW if step <= BROAD_FROM else BROAD_LAW
        u = (torch.arange(n) + torch.rand(n, generator=generator)) / n
        normal = torch.erfinv((2 * u - 1).clamp(-0.999999, 0.999999)) * math.sqrt(2)
        return (mean + deviation * normal).exp()

    def loss(self, net, clean, label, sigma, noise):
        """Squared error of F per image; EDM's weighting makes this plain."""
        s = sigma[:, None, None, None]
        c_skip, c_out, c_in = coefficients(s, self.sigma_data)
        noisy = clean + s * noise
        target = (clean - c_skip * noisy) / c_out
        return (net(c_in * noisy, sigma.log() / 4, label).float() - target).square().mean((1, 2, 3))

    def denoise(self, net, x, sigma, label):
        """The denoised image D(x; sigma), x = clean + sigma noise, at one noise level for the whole batch."""
        level = torch.full((len(x),), float(sigma))
        c_skip, c_out, c_in = (c[:, None, None, None] for c in coefficients(level, self.sigma_data))
        return c_skip * x + c_out * net(c_in * x, level.log() / 4, label)

    def model_json(self):
        """The members of model.json that tell Quench of the process."""
        return {"process": {"type": "edm", "sigmaMin": self.sigma_min, "sigmaMax": self.sigma_max,
                            "sigmaData": self.sigma_data},
                "prediction": "edm-raw"}
