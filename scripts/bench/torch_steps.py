"""DPM-Solver++ 2M and EVODiff as eager PyTorch expressions, for scripts/bench/compare-torch.

Reads one JSON object a line and answers with one: {"folder"} loads x.npy, e0.npy, e1.npy, e2.npy and levels.json;
{"solver", "threads"} samples from x, the model's k-th answer being the noise prediction e(k mod 3), writes
<solver>.npy and gives the seconds of each step; {"normals", "threads"} gives the seconds of one torch.randn.
"""

import json
import sys
import time

import numpy
import torch

clock = time.perf_counter


class Problem:
    def __init__(self, folder):
        def load(name):
            return torch.from_numpy(numpy.load(f"{folder}/{name}.npy"))

        self.folder = folder
        self.x = load("x")
        self.noises = [load(f"e{i}") for i in range(3)]
        # 0-d tensors, as a scheduler that looks its levels up in tables has them.
        with open(f"{folder}/levels.json") as file:
            levels = json.load(file)
        self.levels = [{name: torch.tensor(level[name], dtype=torch.float64).float() for name in level} for level in levels]
        self.calls = 0

    def data(self, x, level):
        """The model's next answer as a data prediction."""
        noise = self.noises[self.calls % 3]
        self.calls += 1
        return (x - level["sigma"] * noise) / level["alpha"]


def dpm_solver_2m(problem, times):
    """As diffusers' DPMSolverMultistepScheduler computes it; first and last step of first order."""
    x, levels = problem.x, problem.levels
    previous = None
    for i in range(len(levels) - 1):
        begun = clock()
        s, t = levels[i], levels[i + 1]
        m0 = problem.data(x, s)
        h = t["lambda"] - s["lambda"]
        whole = t["alpha"] * (torch.exp(-h) - 1.0)
        if previous is None or i == len(levels) - 2:
            x = (t["sigma"] / s["sigma"]) * x - whole * m0
        else:
            r0 = (s["lambda"] - levels[i - 1]["lambda"]) / h
            d0, d1 = m0, (1.0 / r0) * (m0 - previous)
            x = (t["sigma"] / s["sigma"]) * x - whole * d0 - 0.5 * whole * d1
        previous = m0
        times.append(clock() - begun)
    return x


def dpm_solver_2m_short(problem, times):
    """The same with everything done that can be done by hand: scalars in Python, three fused operations."""
    x, levels = problem.x.clone(), [{name: value.item() for name, value in level.items()} for level in problem.levels]
    previous = None
    for i in range(len(levels) - 1):
        begun = clock()
        s, t = levels[i], levels[i + 1]
        noise = problem.noises[problem.calls % 3]
        problem.calls += 1
        m0 = torch.sub(x, noise, alpha=s["sigma"])
        if s["alpha"] != 1.0:
            m0.div_(s["alpha"])
        keep = t["sigma"] / s["sigma"]
        whole = t["alpha"] - s["alpha"] * keep
        if previous is None or i == len(levels) - 2:
            x.mul_(keep).add_(m0, alpha=whole)
        else:
            share = (t["lambda"] - s["lambda"]) / (s["lambda"] - levels[i - 1]["lambda"]) / 2
            x.mul_(keep).add_(m0, alpha=whole * (1 + share)).add_(previous, alpha=-whole * share)
        previous = m0
        times.append(clock() - begun)
    return x


def inner(a, b):
    """Per channel of each sample."""
    return (a * b).sum(dim=(2, 3), keepdim=True)


def clip(ratio):
    return torch.clamp(ratio, -2.0, 2.0)


def evodiff(problem, times):
    """As native/reduced_entropy/balanced_differences.h states it, on EDM, last step of first order."""
    x, levels = problem.x, problem.levels
    start, end = levels[0]["sigma"], levels[-1]["sigma"]

    def balance(m, n, i, weight):
        s, t, before = levels[i]["sigma"], levels[i + 1]["sigma"], levels[i - 1]["sigma"]
        return (1 - weight) * torch.sqrt((t / s) / (s / before)) + weight * clip(inner(m, n) / inner(n, n))

    m1 = None
    m0 = problem.data(x, levels[0])
    for i in range(len(levels) - 1):
        begun = clock()
        s, t = levels[i], levels[i + 1]
        rho = t["sigma"] / s["sigma"]
        h = 1 / t["sigma"] - 1 / s["sigma"]
        x_euler = rho * x + t["sigma"] * h * m0
        if m1 is None or i == len(levels) - 2:
            x = x_euler
            m1 = m0
            if i < len(levels) - 2:
                m0 = problem.data(x, t)
        else:
            tau = torch.clamp((t["sigma"] + end) / (start + end), max=1.0)
            weight = (1 - tau * tau) / 2
            r = (s["lambda"] - levels[i - 1]["lambda"]) / (t["lambda"] - s["lambda"])
            a = balance(m0, m1, i, weight)
            r_i = torch.clamp(torch.sigmoid(a.abs() / 4) * r, r / 4, 1.5 * r)
            d1 = m0 - a * m1
            m_t = problem.data(x_euler + (t["sigma"] * h / (2 * r_i)) * d1, t)
            c = balance(m_t, m0, i, weight)
            d2 = m_t - c * m0
            u, v = d1 / (r * h), r * d2 / h
            eta = 0.5 * torch.sigmoid((0.5 * clip(inner(v + u, v - u) / inner(v - u, v - u))).abs())
            b = r * (1 - eta) * d2 - (eta / r) * d1
            p = (t["sigma"] * h / (2 * r_i)) * (d1 - b)
            zeta = torch.sigmoid((clip(inner(p, d1) / inner(d1, d1)) / (h * t["sigma"])).abs() - 0.5)
            x = x_euler + (t["sigma"] * h / (2 * zeta)) * b
            m1, m0 = m0, m_t
        times.append(clock() - begun)
    return x


solvers = {"dpm-solver++-2m": dpm_solver_2m, "dpm-solver++-2m, by hand": dpm_solver_2m_short, "evodiff": evodiff}


def answer(problem, asked):
    torch.set_num_threads(asked["threads"])
    if "normals" in asked:
        begun = clock()
        torch.randn(asked["normals"])
        return {"seconds": [clock() - begun]}
    times = []
    problem.calls = 0
    x = solvers[asked["solver"]](problem, times)
    numpy.save(f"{problem.folder}/{asked['solver']}.npy", x.numpy())
    return {"seconds": times}


def main():
    problem = None
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "folder" in asked:
            problem = Problem(asked["folder"])
            print("{}", flush=True)
        else:
            with torch.no_grad():
                print(json.dumps(answer(problem, asked)), flush=True)


main()
