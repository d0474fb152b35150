import type { z } from "zod";
import { parse } from "../checks/validate.js";
import { cycled } from "../cycled.js";
import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/index.js";
import type { OpenedModel } from "../denoiser/open-model.js";
import { modelScheduler, requestSchema, type SampleRequest } from "../engine/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import { readJson } from "../io/index.js";
import { readPreset } from "../preset/preset-file.js";
import { gridSchema } from "../schedule/index.js";
import { findSolver, type IiaArtifact, iiaSchema } from "../solver/index.js";
import { thresholdingSchema } from "../thresholding/index.js";
import { readRows } from "./conditions.js";
import { defaultRequest } from "./default-choice.js";
import { parseLabels } from "./labels.js";
import { parseRanges, parseSeed } from "./ranges.js";
import type { SampleOptions } from "./sample-options.js";
import { solverRequest } from "./solver-request.js";

/** What a request takes that names no number of steps. */
const defaultSteps = requestSchema.shape.steps.parse(undefined);

/** A request as the library takes it, with its per-sample lists written out. */
export type CommandRequest = SampleRequest & { readonly count: number };

/**
 * Turns the options of `quench sample` into a request to a model.
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option
 */
export async function sampleRequest(options: SampleOptions, denoiser: OpenedModel): Promise<CommandRequest> {
  const labels = options.labels === undefined ? undefined : parseLabels(options.labels, denoiser);
  const seeds = options.seeds === undefined ? undefined : parseRanges(options.seeds, "--seeds", 2n ** 64n);
  const count = options.count ?? seeds?.length ?? labels?.length ?? 1;
  requireInteger(count, "--count", { most: 10_000_000 });
  const iia =
    options.coefficients === undefined
      ? undefined
      : await readJson(options.coefficients, iiaSchema, { code: "INVALID_ARTIFACT" });
  const preset = options.preset === undefined ? undefined : await readPreset(options.preset);
  const solver = options.solver ?? iia?.solver.name;
  const how = await solverRequest({ ...options, ...defined({ solver }) }, denoiser, solverShape);
  const asked = {
    steps: how.steps ?? defaultSteps,
    guidance: how.guidance ?? 1,
    beside: how.thresholding !== undefined || options.denoiseToZero === true,
  };
  const open = !iia && !preset && how.solver === undefined && how.grid === undefined;
  const request: CommandRequest = {
    count,
    seed: parseSeed(options.seed, "; --seeds takes a list"),
    ...defined({ seeds }),
    ...(options.rng ? { rng: options.rng } : {}),
    ...(labels ? { labels: cycled(labels, count) } : {}),
    ...(await conditionsOf(options, count, denoiser)),
    ...(iia ? calibratedRequest(iia) : {}),
    ...how,
    ...(open ? await defaultRequest(asked, denoiser) : {}),
    ...(iia ? { solver: withCoefficients(how.solver!, iia) } : {}),
    ...defined({ preset }),
    ...(options.denoiseToZero ? { denoiseToZero: true } : {}),
    ...(options.dtype ? { dtype: options.dtype } : {}),
    ...(options.device ? { device: options.device } : {}),
  };
  const scale = request.guidance ?? request.preset?.guidance ?? 1;
  requireArgument(
    scale === 1 ||
      options.condition !== undefined ||
      labels === undefined ||
      labels.some((label) => label !== denoiser.nullClass),
    "--labels",
    "expected a class: without one guidance changes nothing, and takes twice the model rows",
  );
  return request;
}

async function conditionsOf(
  { condition, nullCondition }: SampleOptions,
  count: number,
  denoiser: Denoiser,
): Promise<Pick<SampleRequest, "conditions" | "nullConditions">> {
  return {
    ...(condition ? { conditions: await readRows(condition, "--condition", count, denoiser) } : {}),
    ...(nullCondition
      ? { nullConditions: await readRows(nullCondition, "--null-condition", count, denoiser) }
      : {}),
  };
}

/** A solver with coefficients, and with the options they were made with unless others are asked for. */
function withCoefficients(solver: { readonly name: string }, iia: IiaArtifact) {
  const made = iia.solver.name === solver.name ? iia.solver : {};
  return { ...made, ...solver, coefficients: iia };
}

/** What was calibrated for, where nothing else is asked; what is asked for and differs, the library will refuse. */
function calibratedRequest({
  steps,
  grid,
  guidance,
  thresholding,
}: IiaArtifact): Omit<SampleRequest, "count"> {
  return {
    steps: steps.length,
    ...(grid.request === undefined
      ? {}
      : { grid: parse(gridSchema, grid.request, "coefficients.grid.request") }),
    ...defined({ guidance }),
    ...(thresholding === undefined ? {} : { thresholding: thresholdingSchema.parse(thresholding) }),
  };
}

/** Options of a solver. The model's own scheduler takes the members of its configuration. */
function solverShape(name: string): Record<string, z.core.$ZodType> {
  return name === modelScheduler ? {} : findSolver(name).options.shape;
}
