"""Train a class-conditional denoiser; stops and resumes at checkpoints."""
import copy
import math
import time

import torch

from nets import NULL_CLASS

BATCH, PEAK_RATE, WARM_UP, EMA, NULL_SHARE = 64, 1e-3, 200, 0.999, 0.1
REPORT, KEEP = 500, 125


@torch.no_grad()
def fixed_loss(net, process, x, y, count=512):
    """The process's loss on the first `count` images with always the same noise."""
    generator = torch.Generator().manual_seed(7)
    level = process.draw(count, 0, generator)
    noise = torch.randn(count, 1, 28, 28, generator=generator)
    parts = (t.split(128) for t in (x[:count], y[:count], level, noise))
    return float(torch.cat([process.loss(net, *p) for p in zip(*parts)]).mean())


def learning_rate(step, steps):
    """Linear warm-up, then a cosine down to a hundredth of the peak."""
    share = min(1.0, step / steps)
    return PEAK_RATE * min(1.0, (step + 1) / WARM_UP) * (0.01 + 0.99 * (1 + math.cos(math.pi * share)) / 2)


def save(path, state):
    """A run killed while saving keeps its older checkpoint."""
    draft = path.with_suffix(".draft")
    torch.save(state, draft)
    draft.replace(path)


def train(process, x, y, held_x, held_y, steps, seed, path, log):
    """Train to `steps` steps, keeping checkpoints at `path`; return the EMA net."""
    torch.manual_seed(seed)
    net = process.network().to(memory_format=torch.channels_last)
    average = copy.deepcopy(net).eval().requires_grad_(False)
    optimiser = torch.optim.AdamW(net.parameters(), PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.0)
    first, minutes, total = 0, 0.0, 0.0
    if path.is_file():
        kept = torch.load(path)
        net.load_state_dict(kept["net"])
        average.load_state_dict(kept["ema"])
        optimiser.load_state_dict(kept["optimiser"])
        torch.set_rng_state(kept["random"])
        first, minutes, total = kept["step"], kept["minutes"], kept["total"]
    net.train()
    start = time.time() - 60 * minutes
    for step in range(first + 1, steps + 1):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step - 1, steps)
        pick = torch.randint(len(x), (BATCH,))
        label = torch.where(torch.rand(BATCH) < NULL_SHARE, NULL_CLASS, y[pick])
        level = process.draw(BATCH, step)
        clean = x[pick].contiguous(memory_format=torch.channels_last)
        loss = process.loss(net, clean, label, level, torch.randn_like(clean)).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        total += float(loss)
        with torch.no_grad():
            weight = 1 - min(EMA, (1 + step) / (10 + step))
            for slow, fast in zip(average.parameters(), net.parameters()):
                slow.lerp_(fast, weight)
        if step % REPORT == 0 or step == steps:
            log(f"denoiser step {step}/{steps} loss {total / ((step - 1) % REPORT + 1):.4f} "
                f"EMA loss train {fixed_loss(average, process, x, y):.4f} "
                f"held-out {fixed_loss(average, process, held_x, held_y):.4f} "
                f"minutes {(time.time() - start) / 60:.1f}")
            total = 0.0
        if step % KEEP == 0 or step == steps:
            save(path, {"net": net.state_dict(), "ema": average.state_dict(), "step": step,
                        "optimiser": optimiser.state_dict(), "random": torch.get_rng_state(),
                        "minutes": (time.time() - start) / 60, "total": total})
    return average
