"""Build a bundled model: data, classifier, denoiser, ONNX files, evaluation.

Run it as scripts/train/digits or scripts/train/garments. Stages already done
in the cache are kept, and an interrupted denoiser training goes on from its
last checkpoint.
"""
import argparse
from pathlib import Path

import torch

import digits
import evaluate
import export
import garments
import train_classifier
import train_denoiser
from nets import Classifier
from recipe import tensors

HERE = Path(__file__).resolve().parent
RECIPES = {recipe.name: recipe for recipe in (digits.RECIPE, garments.RECIPE)}


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", choices=RECIPES)
    p.add_argument("--cache", type=Path, help="downloads and checkpoints (default: scripts/train/cache/MODEL)")
    p.add_argument("--out", type=Path, help="default: models/MODEL")
    p.add_argument("--steps", type=int, help="denoiser steps of 64 images")
    p.add_argument("--epochs", type=int, help="classifier epochs")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--only", choices=["classifier", "denoiser", "export", "evaluate"],
                   help="one stage only; export and evaluate take the newest checkpoint")
    return p.parse_args()


def load_networks(process, cache):
    """The trained classifier and EMA denoiser in evaluation mode."""
    classifier, denoiser = Classifier(), process.network()
    classifier.load_state_dict(torch.load(cache / "classifier.pt"))
    denoiser.load_state_dict(torch.load(cache / "denoiser.pt")["ema"])
    return classifier.eval(), denoiser.eval()


def main():
    args = parse()
    recipe = RECIPES[args.model]
    cache = args.cache or HERE / "cache" / recipe.name
    out = args.out or HERE.parents[1] / "models" / recipe.name
    torch.set_num_threads(args.threads)
    cache.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)

    def log(line):
        print(line, flush=True)
        with open(cache / "train.log", "a") as file:
            file.write(line + "\n")

    data = recipe.load(cache)
    train_set, held_set = tensors(data, "train"), tensors(data, "held")
    if args.only in (None, "classifier") and not (cache / "classifier.pt").is_file():
        log(f"data train {len(train_set[0])} held-out {len(held_set[0])} "
            f"pixel std {float(train_set[0].std()):.4f} seed {args.seed}")
        net = train_classifier.train(recipe.augment, *train_set, *held_set,
                                     args.epochs or recipe.epochs, args.seed, log)
        torch.save(net.state_dict(), cache / "classifier.pt")
    if args.only in (None, "denoiser"):
        train_denoiser.train(recipe.process, *train_set, *held_set, args.steps or recipe.steps, args.seed,
                             cache / "denoiser.pt", log)
    if args.only in (None, "export"):
        export.write(recipe, out, cache, *load_networks(recipe.process, cache), data)
    if args.only in (None, "evaluate"):
        evaluate.report(recipe, *load_networks(recipe.process, cache), data, cache, log)


if __name__ == "__main__":
    main()
