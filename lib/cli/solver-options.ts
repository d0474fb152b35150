import { type Command, InvalidArgumentError, Option } from "commander";
import { integer, number, numbers } from "./numbers.js";
import { unexpected } from "./unexpected.js";

/** What commander parses from the options that say how samples are drawn, whatever for. */
export interface SolverOptions {
  readonly solver?: string;
  readonly option: readonly (readonly [key: string, value: string])[];
  readonly steps?: number;
  readonly grid?: string;
  readonly risk?: string;
  readonly gridOption?: readonly (readonly [key: string, value: string])[];
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
}

/** Declares them; ranges are checked by the library, which knows the model and the solver. */
export function addSolverOptions(command: Command): Command {
  return command
    .option("-g, --guidance <scale>", "classifier-free guidance scale (default: none)", number)
    .option(
      "-s, --solver <name>",
      "solver, see `quench solvers` (default: dpm-solver++-2m; `quench sample` with neither --solver nor --grid takes what was measured best: the preset for so many calls in the model's folder, or else a pair of docs/results.md)",
    )
    .addOption(
      new Option(
        "-o, --option <key=value>",
        "option of the solver, may be repeated; see `quench solvers NAME`",
      )
        .argParser(keyValue)
        .default([], "the solver's own"),
    )
    .option("-N, --steps <n>", "steps of the solver (default: 20, or what an explicit grid has)", integer())
    .option(
      "--grid <name>",
      "where the noise levels lie, see `quench schedules` (default: log-snr; `quench sample` with neither --solver nor --grid takes what was measured best: the preset for so many calls in the model's folder, or else a pair of docs/results.md)",
    )
    .option("--risk <file>", "risk curve for the grids that want one (default: the model's risk.json)")
    .addOption(
      new Option(
        "--grid-option <key=value>",
        "option of the grid, may be repeated; see `quench schedules`",
      ).argParser(keyValue),
    )
    .option(
      "--rho <number>",
      "exponent of the grids edm (default: 7), polyexponential and vp (default: 1)",
      number,
    )
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
      new Option(
        "--threshold <quantile>",
        "dynamic thresholding of every data prediction, e.g. 0.995, of a model whose data lie in [-1, 1]",
      )
        .argParser(number)
        .conflicts("clamp"),
    )
    .option("--clamp", "clamp every data prediction to the model's value range");
}

export function keyValue(
  text: string,
  previous: readonly (readonly [string, string])[] = [],
): (readonly [string, string])[] {
  const at = text.indexOf("=");
  if (at < 1) throw unexpected("key=value", text);
  const key = text.slice(0, at);
  if (previous.some(([known]) => known === key)) throw new InvalidArgumentError(`"${key}" is given twice`);
  return [...previous, [key, text.slice(at + 1)]];
}
