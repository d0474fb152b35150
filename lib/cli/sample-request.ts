import type { z } from "zod";
import type { Denoiser } from "../denoiser/index.js";
import { ownScheduler, type SampleRequest } from "../engine/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { readJson } from "../io/index.js";
import { type GridRequest, gridSchema } from "../schedule/index.js";
import { findSolver } from "../solver/index.js";
import { parseLabels } from "./labels.js";
import { parseRanges } from "./ranges.js";
import type { SampleOptions } from "./sample-options.js";

/** A request as the library takes it, with its per-sample lists written out. */
export type CommandRequest = SampleRequest & { readonly count: number };

/**
 * Turns the options of `quench sample` into a request to a model.
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option
 */
export async function sampleRequest(options: SampleOptions, denoiser: Denoiser): Promise<CommandRequest> {
  const labels = options.labels === undefined ? undefined : parseLabels(options.labels, denoiser);
  const seeds = options.seeds === undefined ? undefined : parseRanges(options.seeds, "--seeds", 2n ** 64n);
  const count = options.count ?? seeds?.length ?? labels?.length ?? 1;
  requireArgument(
    Number.isInteger(count) && count >= 1 && count <= 10_000_000,
    "--count",
    `expected an integer from 1 to 10000000, received ${count}`,
  );
  const grid = await gridOf(options);
  const steps = options.steps ?? intervalsOf(grid);
  return {
    count,
    seed: parseSeed(options.seed),
    ...(seeds ? { seeds } : {}),
    ...(options.rng ? { rng: options.rng } : {}),
    ...(labels ? { labels: Array.from({ length: count }, (_, i) => labels[i % labels.length]!) } : {}),
    ...(options.solver || options.option.length > 0 ? { solver: solverOf(options) } : {}),
    ...(grid === undefined ? {} : { grid }),
    ...(steps === undefined ? {} : { steps }),
    ...(options.guidance === undefined ? {} : { guidance: options.guidance }),
    ...(options.threshold === undefined
      ? {}
      : { thresholding: { type: "dynamic", quantile: options.threshold } as const }),
    ...(options.clamp
      ? {
          thresholding: {
            type: "clamp",
            range: [...(denoiser.valueRange ?? [-1, 1])] as [number, number],
          } as const,
        }
      : {}),
    ...(options.denoiseToZero ? { denoiseToZero: true } : {}),
    ...(options.dtype ? { dtype: options.dtype } : {}),
  };
}

function parseSeed(text: string): bigint {
  const [seed, ...more] = parseRanges(text, "--seed", 2n ** 64n);
  requireArgument(
    more.length === 0,
    "--seed",
    `expected one integer, received "${text}"; --seeds takes a list`,
  );
  return seed!;
}

/** The solver with its options, each value read as the type that the solver's schema wants. */
function solverOf({ solver = "dpm-solver++-2m", option }: SampleOptions): { name: string } {
  // The model's own scheduler takes the members of its configuration.
  const shape: Record<string, z.core.$ZodType> =
    solver === ownScheduler ? {} : findSolver(solver).options.shape;
  const given = option.map(
    ([key, text]) => [key, typedValue(shape[key] as z.ZodType | undefined, text)] as const,
  );
  return { name: solver, ...Object.fromEntries(given) };
}

/** The text as JSON or as it stands, whichever the schema accepts; where neither fits, the library will say why. */
function typedValue(schema: z.ZodType | undefined, text: string): unknown {
  const candidates: unknown[] = [text];
  try {
    candidates.unshift(JSON.parse(text));
  } catch {
    // not JSON: a name
  }
  return candidates.find((value) => schema?.safeParse(value).success) ?? candidates[0];
}

async function gridOf(options: SampleOptions): Promise<GridRequest | undefined> {
  const { grid, rho, sigmaMin, sigmaMax, final, sigmas, times, gridFile } = options;
  const placement = Object.entries({ rho, sigmaMin, sigmaMax, final }).filter(
    ([, value]) => value !== undefined,
  );
  const explicit = sigmas ? "--sigmas" : times ? "--times" : gridFile ? "--grid-file" : undefined;
  if (explicit) {
    const clash = placement[0]?.[0].replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    if (clash)
      throw new QuenchError("INVALID_ARGUMENT", `cannot be used with ${explicit}`, { where: `--${clash}` });
  }
  if (sigmas) return { sigma: [...sigmas] };
  if (times) return { t: [...times] };
  if (gridFile) return readJson(gridFile, gridSchema);
  if (grid === undefined && placement.length === 0) return undefined;
  return { schedule: grid ?? "log-snr", ...Object.fromEntries(placement) };
}

/** How many intervals an explicit grid has. */
function intervalsOf(grid: GridRequest | undefined): number | undefined {
  if (grid === undefined || typeof grid === "string") return undefined;
  if ("t" in grid) return grid.t.length - 1;
  if ("sigma" in grid) return grid.sigma.length - 1;
  if ("steps" in grid) return grid.steps.length;
  return "levels" in grid ? grid.levels.length - 1 : undefined;
}
