"""The discrete variance-preserving process of DDPM (Ho et al. 2020), its network and its training loss."""
import numpy as np
import torch
from torch import nn

from nets import Denoiser

TIMESTEPS, BETA_START, BETA_END = 1000, 1e-4, 0.02
ALPHAS_CUMULATIVE = torch.cumprod(1 - torch.linspace(BETA_START, BETA_END, TIMESTEPS, dtype=torch.float64), 0)


class EpsilonNet(nn.Module):
    """Predicts the noise in `x` at `timestep`, float, 0 to 999; ln alpha is linear between whole timesteps.

    Inside, the UNet is told ln(sigma/alpha)/4, as the digits' is, and predicts
    the velocity v = alpha eps - sigma x0. The exported epsilon is alpha v +
    sigma x, which keeps x0 = (x - sigma eps)/alpha well conditioned where alpha
    is nearly 0.
    """

    def __init__(self):
        super().__init__()
        self.unet = Denoiser()
        # In float64, because sigma^2 = 1 - alpha^2 is 1e-4 at timestep 0.
        self.register_buffer("log_alpha", ALPHAS_CUMULATIVE.log() / 2, persistent=False)

    def scales(self, timestep):
        """alpha and sigma of each timestep."""
        timestep = timestep.clamp(0, TIMESTEPS - 1)
        below = timestep.floor().clamp(max=TIMESTEPS - 2)
        low, high = self.log_alpha[below.long()], self.log_alpha[below.long() + 1]
        squared = (2 * (low + (timestep - below).double() * (high - low))).exp()
        return squared.sqrt().float(), (1 - squared).sqrt().float()

    def velocity(self, x, alpha, sigma, label):
        return self.unet(x, (sigma / alpha).log() / 4, label)

    def forward(self, x, timestep, label):
        alpha, sigma = self.scales(timestep)
        wide = (slice(None), None, None, None)
        return alpha[wide] * self.velocity(x, alpha, sigma, label) + sigma[wide] * x


class Ddpm:
    """A network epsilon(x, timestep, label) of 1000 timesteps with linear betas."""

    sigma_min, sigma_max = (float(((1 - a) / a).sqrt()) for a in ALPHAS_CUMULATIVE[[0, -1]])
    # Names of the exported network's time and output.
    time_name, output_name = "timestep", "epsilon"

    def network(self):
        return EpsilonNet()

    def draw(self, n, _step, generator=None):
        """Timesteps, one from each of n equal slices of 1000 u^1.5: half of them below 354.

        Drawn evenly, half of the timesteps have sigma/alpha above 3.4, where
        little but the class can be seen.
        """
        u = (torch.arange(n) + torch.rand(n, generator=generator)) / n
        return (TIMESTEPS * u ** 1.5).floor().clamp(max=TIMESTEPS - 1)

    def loss(self, net, clean, label, timestep, noise):
        """Squared error of the velocity per image: that of epsilon divided by alpha^2."""
        scales = net.scales(timestep)
        alpha, sigma = (s[:, None, None, None] for s in scales)
        velocity = net.velocity(alpha * clean + sigma * noise, *scales, label)
        return (velocity.float() - (alpha * noise - sigma * clean)).square().mean((1, 2, 3))

    def denoise(self, net, x, sigma, label):
        """The denoised image at one noise level, x = clean + sigma noise: the process divided by its alpha."""
        log_alpha = -0.5 * np.log1p(sigma ** 2)
        timestep = np.interp(-log_alpha, -ALPHAS_CUMULATIVE.log().numpy() / 2, np.arange(TIMESTEPS))
        time = torch.full((len(x),), float(timestep))
        return x - sigma * net(float(np.exp(log_alpha)) * x, time, label)

    def model_json(self):
        """The members of model.json that tell Quench of the process."""
        return {"process": {"type": "vp-discrete", "betas": "linear", "betaStart": BETA_START, "betaEnd": BETA_END,
                            "timesteps": TIMESTEPS},
                "prediction": "epsilon"}
