"""Train the classifier whose features the Frechet distance uses."""
import time

import torch
from torch.nn import functional as nf

from nets import Classifier

BATCH, PEAK_RATE = 100, 2e-3


@torch.no_grad()
def outputs(net, x):
    """Features and logits of all of `x`, in evaluation mode."""
    net.eval()
    parts = [net(chunk) for chunk in x.split(500)]
    return torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])


def accuracy(net, x, y):
    return float((outputs(net, x)[1].argmax(1) == y).double().mean())


def train(augment, x, y, held_x, held_y, epochs, seed, log):
    """Train for a fixed number of epochs; the held-out images only measure."""
    torch.manual_seed(seed)
    net, start = Classifier(), time.time()
    steps = epochs * (len(x) // BATCH)
    optimiser = torch.optim.AdamW(net.parameters(), PEAK_RATE, weight_decay=0.02)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps)
    for epoch in range(1, epochs + 1):
        net.train()
        for pick in torch.randperm(len(x)).split(BATCH)[:len(x) // BATCH]:
            loss = nf.cross_entropy(net(augment(x[pick]))[1], y[pick], label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
        if epoch % 4 == 0 or epoch == epochs:
            log(f"classifier epoch {epoch}/{epochs} loss {float(loss):.4f} "
                f"held-out accuracy {accuracy(net, held_x, held_y):.4f} "
                f"minutes {(time.time() - start) / 60:.1f}")
    return net.eval()
