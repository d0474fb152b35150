import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommonOptions } from "./context.js";
import { number, numbers } from "./numbers.js";

/** What commander parses from the options of `quench sample`. */
export interface SampleOptions extends CommonOptions {
  readonly count?: number;
  readonly labels?: string;
  readonly seed: string;
  readonly seeds?: string;
  readonly rng?: "philox" | "torch-cpu";
  readonly batch: number;
  readonly solver?: string;
  readonly option: readonly (readonly [key: string, value: string])[];
  readonly steps?: number;
  readonly grid?: string;
  readonly rho?: number;
  readonly sigmaMin?: number;
  readonly sigmaMax?: number;
  readonly final?: "min" | "zero";
  readonly sigmas?: readonly number[];
  readonly times?: readonly number[];
  readonly gridFile?: string;
  readonly guidance?: number;
  readonly threshold?: number;
  readonly clamp?: true;
  readonly denoiseToZero?: true;
  readonly dtype?: "float32" | "float64";
  readonly out: string;
  readonly columns?: number;
  readonly force?: true;
  readonly quiet?: true;
}

/** Declares the options; ranges are checked by the library, which knows the model and the solver. */
export function addSampleOptions(command: Command): Command {
  return command
    .optionsGroup("What to draw:")
    .option(
      "-n, --count <n>",
      "samples to draw (default: as many as there are seeds or labels, else 1)",
      number,
    )
    .option("-l, --labels <list>", 'classes, cycled over the samples: "all", 0-9, 1,2,5-7, names, "none"')
    .option("-g, --guidance <scale>", "classifier-free guidance scale (default: none)", number)
    .option("--seed <n>", "seed of the whole draw; sample i depends on (seed, i) alone", "0")
    .option("--seeds <list>", "one seed per sample instead, e.g. 0-63 or 1,2,5-10")
    .addOption(
      new Option("--rng <name>", "noise: counter-based, or torch.randn's of manual_seed(seed + i)").choices([
        "philox",
        "torch-cpu",
      ]),
    )
    .optionsGroup("How to draw:")
    .option("-s, --solver <name>", "solver, see `quench solvers` (default: dpm-solver++-2m)")
    .addOption(
      new Option(
        "-o, --option <key=value>",
        "option of the solver, may be repeated; see `quench solvers NAME`",
      )
        .argParser(keyValue)
        .default([], "the solver's own"),
    )
    .option("-N, --steps <n>", "steps of the solver (default: 20, or what an explicit grid has)", number)
    .option("--grid <name>", "where the noise levels lie, see `quench schedules` (default: log-snr)")
    .option("--rho <number>", "exponent of the edm grid (default: 7)", number)
    .option("--sigma-max <number>", "scaled noise level to start from (default: the model's)", number)
    .option("--sigma-min <number>", "scaled noise level to end at (default: the model's)", number)
    .addOption(
      new Option(
        "--final <where>",
        "end at sigma-min or take one last step to zero (default: the solver's)",
      ).choices(["min", "zero"]),
    )
    .addOption(
      new Option("--sigmas <list>", "explicit scaled noise levels, e.g. 80,10,1,0.1,0")
        .argParser(numbers)
        .conflicts(["grid", "times", "gridFile"]),
    )
    .addOption(
      new Option("--times <list>", "explicit process times, noisiest first")
        .argParser(numbers)
        .conflicts(["grid", "gridFile"]),
    )
    .addOption(
      new Option(
        "--grid-file <file>",
        'JSON grid: {"sigma": [...]}, {"t": [...]} or {"schedule": ...}',
      ).conflicts("grid"),
    )
    .addOption(
      new Option("--threshold <quantile>", "dynamic thresholding of every data prediction, e.g. 0.995")
        .argParser(number)
        .conflicts("clamp"),
    )
    .option("--clamp", "clamp every data prediction to the model's value range")
    .option("--denoise-to-zero", "replace the result by one more data prediction")
    .addOption(
      new Option("--dtype <type>", "arithmetic of the sampler (default: float32)").choices([
        "float32",
        "float64",
      ]),
    )
    .option("--batch <n>", "most samples drawn at once; changes memory, not noise", number, 64)
    .optionsGroup("What to write:")
    .option(
      "-O, --out <path>",
      "grid.png, array.npy, arrays.npz, or a folder for one PNG each",
      "samples.png",
    )
    .option("--columns <n>", "samples beside each other in the grid (default: a square)", number)
    .option("-f, --force", "overwrite what exists")
    .option("-q, --quiet", "no progress bar and no summary")
    .optionsGroup("Options:");
}

function keyValue(
  text: string,
  previous: readonly (readonly [string, string])[],
): (readonly [string, string])[] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected key=value.");
  return [...previous, [text.slice(0, at), text.slice(at + 1)]];
}
