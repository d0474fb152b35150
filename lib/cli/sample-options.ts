import { type Command, Option } from "commander";
import type { CommonOptions } from "./context.js";
import { integer } from "./numbers.js";
import { addSolverOptions, keyValue, type SolverOptions } from "./solver-options.js";

/** What commander parses from the options of `quench sample`. */
export interface SampleOptions extends CommonOptions, SolverOptions {
  readonly coefficients?: string;
  readonly preset?: string;
  readonly count?: number;
  readonly labels?: string;
  readonly condition?: readonly (readonly [name: string, path: string])[];
  readonly nullCondition?: readonly (readonly [name: string, path: string])[];
  readonly seed: string;
  readonly seeds?: string;
  readonly rng?: "philox" | "torch-cpu";
  readonly batch: number;
  readonly shard?: number;
  readonly denoiseToZero?: true;
  readonly dtype?: "float32" | "float64";
  readonly device?: "cpu" | "cuda";
  readonly out: string;
  readonly columns?: number;
  readonly force?: true;
  readonly quiet?: true;
}

/** Declares the options; ranges are checked by the library, which knows the model and the solver. */
export function addSampleOptions(command: Command): Command {
  command
    .optionsGroup("What to draw:")
    .option(
      "-n, --count <n>",
      "samples to draw (default: as many as there are seeds or labels, else 1)",
      integer(),
    )
    .option("-l, --labels <list>", 'classes, cycled over the samples: "all", 0-9, 1,2,5-7, names, "none"')
    .addOption(
      new Option(
        "--condition <name=file>",
        "rows for a further input of the network, such as text embeddings: an .npy file, cycled over the samples; may be repeated",
      ).argParser(keyValue),
    )
    .addOption(
      new Option(
        "--null-condition <name=file>",
        "the same for the unconditional half of guidance: an empty or a negative prompt",
      ).argParser(keyValue),
    )
    .option("--seed <n>", "seed of the whole draw; sample i depends on (seed, i) alone", "0")
    .option("--seeds <list>", "one seed per sample instead, e.g. 0-63 or 1,2,5-10")
    .addOption(
      new Option("--rng <name>", "noise: counter-based, or torch.randn's of manual_seed(seed + i)").choices([
        "philox",
        "torch-cpu",
      ]),
    );
  return addSolverOptions(command.optionsGroup("How to draw:"))
    .addOption(
      new Option(
        "--coefficients <file>",
        "what `quench calibrate iia` measured: sets solver, steps, grid, guidance and thresholding where they are not given",
      ),
    )
    .addOption(
      new Option(
        "--preset <file>",
        "what `quench tune` found for the model: solver, steps, grid and guidance",
      ).conflicts([
        ...["coefficients", "solver", "option", "grid", "risk", "gridOption", "rho", "sigmaMax", "sigmaMin"],
        ...["final", "sigmas", "times", "gridFile", "threshold", "clamp", "denoiseToZero"],
      ]),
    )
    .option("--denoise-to-zero", "replace the result by one more data prediction")
    .addOption(
      new Option("--dtype <type>", "arithmetic of the sampler (default: float32)").choices([
        "float32",
        "float64",
      ]),
    )
    .addOption(
      new Option(
        "--device <name>",
        "where sampler and model run (default: cpu); cuda needs an addon built in a clone, see docs/cuda.md",
      ).choices(["cpu", "cuda"]),
    )
    .option("--batch <n>", "most samples drawn at once; changes memory, not noise", integer(), 64)
    .optionsGroup("What to write:")
    .addOption(
      new Option(
        "--shard <n>",
        "write a folder of numbered .npz files of so many samples; the same command continues a killed draw",
      )
        .argParser(integer())
        .conflicts(["columns", "force"]),
    )
    .option(
      "-O, --out <path>",
      "grid.png, array.npy, arrays.npz, or a folder for one PNG each",
      "samples.png",
    )
    .option("--columns <n>", "samples per row of the picture (default: a square)", integer())
    .option("-f, --force", "overwrite what exists")
    .option("-q, --quiet", "no progress bar and no summary")
    .optionsGroup("Options:");
}
