import type { z } from "zod";
import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/index.js";
import type { SampleRequest } from "../engine/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { readJson } from "../io/index.js";
import { type GridRequest, gridSchema, intervalsOf, schedules } from "../schedule/index.js";
import { riskFor } from "./risk-file.js";
import type { SolverOptions } from "./solver-options.js";

interface SolverRequest {
  readonly solver?: { readonly name: string };
  readonly grid?: GridRequest;
  readonly steps?: number;
  readonly guidance?: number;
  readonly thresholding?: NonNullable<SampleRequest["thresholding"]>;
}

/**
 * The part of a request that says how samples are drawn.
 * @param shapeOf the options that a solver's name takes
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option
 */
export async function solverRequest(
  options: SolverOptions,
  denoiser: Denoiser,
  shapeOf: (solver: string) => Readonly<Record<string, z.core.$ZodType>>,
): Promise<SolverRequest> {
  const { solver = "dpm-solver++-2m", option, guidance, threshold, clamp } = options;
  const grid = await gridOf(options, denoiser);
  const steps = options.steps ?? intervalsOf(grid);
  return {
    ...(options.solver || option.length > 0 ? { solver: withOptions(solver, option, shapeOf(solver)) } : {}),
    ...defined({ grid, steps, guidance }),
    ...(threshold === undefined ? {} : { thresholding: { type: "dynamic", quantile: threshold } }),
    ...(clamp ? { thresholding: { type: "clamp", range: [...(denoiser.valueRange ?? [-1, 1])] } } : {}),
  };
}

/** The solver with its options, each value read as the type that the solver's schema wants. */
function withOptions(
  name: string,
  option: SolverOptions["option"],
  shape: Readonly<Record<string, z.core.$ZodType>>,
): { name: string } {
  requireArgument(!option.some(([key]) => key === "name"), "--option", "--solver names the solver");
  const given = option.map(
    ([key, text]) =>
      [key, typedValue(Object.hasOwn(shape, key) ? (shape[key] as z.ZodType) : undefined, text)] as const,
  );
  return { name, ...Object.fromEntries(given) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The text as JSON or as it stands, whichever the schema accepts; where neither fits, the library will say why. */
function typedValue(schema: z.ZodType | undefined, text: string): unknown {
  const candidates = [jsonOrText(text), text];
  return candidates.find((value) => schema?.safeParse(value).success) ?? candidates[0];
}

async function gridOf(options: SolverOptions, denoiser: Denoiser): Promise<GridRequest | undefined> {
  const { grid, rho, sigmaMin, sigmaMax, final, sigmas, times, gridFile, gridOption } = options;
  requireArgument(
    !gridOption?.some(([key]) => key === "schedule"),
    "--grid-option",
    "--grid names the schedule",
  );
  const takesRisk = schedules[grid ?? ""]?.options.includes("risk") ?? false;
  const risk = options.risk !== undefined || takesRisk ? await riskFor(denoiser, options.risk) : undefined;
  const own = Object.entries({ rho, sigmaMin, sigmaMax, final, risk }).filter(
    ([, value]) => value !== undefined,
  );
  const twice = gridOption?.find(([key]) => own.some(([named]) => named === key));
  requireArgument(!twice, "--grid-option", `"${twice?.[0]}" has an option of its own, which is given too`);
  const placement = [...own, ...(gridOption ?? []).map(([key, text]) => [key, jsonOrText(text)] as const)];
  const explicit = sigmas ? "--sigmas" : times ? "--times" : gridFile ? "--grid-file" : undefined;
  if (explicit) {
    const clash = gridOption
      ? "grid-option"
      : placement[0]?.[0].replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    if (clash)
      throw new QuenchError("INVALID_ARGUMENT", `cannot be used with ${explicit}`, { where: `--${clash}` });
  }
  const nodes = sigmas ?? times;
  requireArgument(
    nodes === undefined || nodes.length > 1,
    sigmas ? "--sigmas" : "--times",
    `expected two numbers or more, noisiest first: a step goes from one to the next; received ${nodes?.join(",")}`,
  );
  if (sigmas) return { sigma: [...sigmas] };
  if (times) return { t: [...times] };
  if (gridFile) return readJson(gridFile, gridSchema);
  if (grid === undefined && placement.length === 0) return undefined;
  return { schedule: grid ?? "log-snr", ...Object.fromEntries(placement) };
}
