"""Build models/digits: data, classifier, denoiser, ONNX files, evaluation.

Run it as scripts/train/digits. Stages already done in the cache are kept, and
an interrupted denoiser training goes on from its last checkpoint.
"""
import argparse
from pathlib import Path

import torch

import dataset
import train_classifier
import train_denoiser
from nets import Classifier, Denoiser

HERE = Path(__file__).resolve().parent
SIGMA_DATA = 0.62  # standard deviation of the training pixels (0.617), rounded


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--cache", type=Path, default=HERE / "cache", help="downloads and checkpoints")
    p.add_argument("--out", type=Path, default=HERE.parents[1] / "models" / "digits")
    p.add_argument("--steps", type=int, default=7500, help="denoiser steps of 64 images")
    p.add_argument("--epochs", type=int, default=24, help="classifier epochs")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--only", choices=["classifier", "denoiser", "export", "evaluate"],
                   help="one stage only; export and evaluate take the newest checkpoint")
    return p.parse_args()


def tensors(data, half):
    return (torch.from_numpy(dataset.to_model(data[half + "_x"])),
            torch.from_numpy(data[half + "_y"].astype("int64")))


def load_networks(cache):
    """The trained classifier and EMA denoiser in evaluation mode."""
    classifier, denoiser = Classifier(), Denoiser()
    classifier.load_state_dict(torch.load(cache / "classifier.pt"))
    denoiser.load_state_dict(torch.load(cache / "denoiser.pt")["ema"])
    return classifier.eval(), denoiser.eval()


def main():
    args = parse()
    torch.set_num_threads(args.threads)
    args.cache.mkdir(parents=True, exist_ok=True)
    args.out.mkdir(parents=True, exist_ok=True)

    def log(line):
        print(line, flush=True)
        with open(args.cache / "train.log", "a") as file:
            file.write(line + "\n")

    data = dataset.load(args.cache)
    train_set, held_set = tensors(data, "train"), tensors(data, "held")
    if args.only in (None, "classifier") and not (args.cache / "classifier.pt").is_file():
        log(f"data train {len(train_set[0])} held-out {len(held_set[0])} "
            f"pixel std {float(train_set[0].std()):.4f} seed {args.seed}")
        net = train_classifier.train(*train_set, *held_set, args.epochs, args.seed, log)
        torch.save(net.state_dict(), args.cache / "classifier.pt")
    if args.only in (None, "denoiser"):
        train_denoiser.train(*train_set, *held_set, SIGMA_DATA, args.steps, args.seed,
                             args.cache / "denoiser.pt", log)
    if args.only in (None, "export"):
        import export
        export.write(args.out, args.cache, *load_networks(args.cache), data, SIGMA_DATA)
    if args.only in (None, "evaluate"):
        import evaluate_digits
        evaluate_digits.report(*load_networks(args.cache), data, SIGMA_DATA, args.cache, log)


if __name__ == "__main__":
    main()
