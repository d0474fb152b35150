import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { received } from "../checks/received.js";
import { seedOf } from "../checks/seed.js";
import { parse } from "../checks/validate.js";
import { cycled, listOf } from "../cycled.js";
import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { type ModelStamp, modelStamp } from "../denoiser/model-stamp.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { draw, type JsonRequest } from "../engine/index.js";
import { QuenchError, requireArgument, requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { scaledSigma } from "../process/index.js";
import { type LasOptions, lossAdaptiveSchedule, type RiskArtifact, riskSchema } from "../schedule/index.js";

export interface LasTuneOptions {
  readonly steps: number;
  /** Every combination of these is tried; where μ = 0 the exponent does not matter and is tried once. */
  readonly axes: readonly (number | "inf")[];
  readonly smoothnesses: readonly number[];
  readonly exponents: readonly number[];
  /** Samples per trial; every trial uses the same noise. */
  readonly samples: number;
  readonly seed?: bigint | number;
  /** Most samples drawn at once. Default 256. */
  readonly batch?: number;
  /** Further options of the search. */
  readonly las?: Pick<LasOptions, "candidates" | "search">;
  /** What is drawn besides the grid, steps and seed. */
  readonly request?: Pick<JsonRequest, "solver" | "guidance" | "dtype">;
  /** Classes, cycled over the samples. */
  readonly labels?: number | ArrayLike<number>;
  /** Name of what `score` measures, for the record. */
  readonly metric: string;
  /** Lower is better. */
  score(samples: Vector): number | Promise<number>;
  readonly signal?: AbortSignal;
  readonly onTrial?: (trial: LasTuneTrial) => void;
}

const lasTuneOptions: OptionNames<LasTuneOptions> = {
  steps: true,
  axes: true,
  smoothnesses: true,
  exponents: true,
  samples: true,
  seed: true,
  batch: true,
  las: true,
  request: true,
  labels: true,
  metric: true,
  score: true,
  signal: true,
  onTrial: true,
};

export interface LasTuneTrial {
  readonly axis: number | "inf";
  readonly smoothness: number;
  readonly exponent: number;
  /** null where the samples were not finite. */
  readonly score: number | null;
  readonly sigma: readonly number[];
}

export interface LasTuneRecord {
  readonly kind: "schedule-tuning";
  readonly version: 1;
  readonly model: ModelStamp;
  readonly metric: string;
  readonly budget: {
    readonly trials: number;
    readonly samples: number;
    readonly evaluations: number;
    readonly seed: string;
  };
  readonly solver: JsonRequest["solver"];
  readonly steps: number;
  readonly trials: readonly LasTuneTrial[];
  readonly best: LasTuneTrial;
}

/**
 * Grid search of c, μ and p of the loss-adaptive schedule by a pilot, as its paper does (LAS Appendix G). The
 * winner is the best on these samples: with a small budget the differences between good trials are noise.
 * @throws QuenchError INVALID_ARGUMENT before any trial; else as the schedule search and sampling do
 */
export async function tuneLas(
  denoiser: Denoiser,
  risk: RiskArtifact,
  options: LasTuneOptions,
): Promise<LasTuneRecord> {
  requireDenoiser(denoiser);
  requireKnownOptions<LasTuneOptions>(options, lasTuneOptions);
  parse(riskSchema, risk, "risk");
  requireArgument(
    typeof options.score === "function",
    "score",
    () => `expected a function, received ${received(options.score)}`,
  );
  const { steps, samples, batch = 256, labels, signal } = options;
  requireInteger(samples, "samples");
  requireInteger(batch, "batch");
  const seed = seedOf(options.seed ?? 0n);
  const { process } = denoiser;
  const range = {
    sigmaMin: scaledSigma(process.at(process.tEnd)),
    sigmaMax: scaledSigma(process.at(process.tStart)),
  };
  // All searches come first: what they refuse is refused before any model call.
  const candidates: Omit<LasTuneTrial, "score">[] = [];
  for (const tried of combinations(options)) {
    const search = { ...options.las, ...range, ...tried, ...defined({ signal }) };
    const { sigma } = await lossAdaptiveSchedule(risk, steps, search);
    candidates.push({ ...tried, sigma });
  }
  const trials: LasTuneTrial[] = [];
  let evaluations = 0;
  for (const { axis, smoothness, exponent, sigma } of candidates) {
    const request = {
      ...options.request,
      ...defined({ labels: labels === undefined ? undefined : cycled(listOf(labels), samples) }),
      steps,
      grid: { sigma: [...sigma] },
      count: samples,
      seed,
    };
    const drawn = await draw(denoiser, request, { batch, signal });
    evaluations += drawn.nfe * samples;
    const score = await options.score(drawn.data);
    const finite = Number.isFinite(score) ? score : null;
    const trial: LasTuneTrial = { axis, smoothness, exponent, score: finite, sigma };
    trials.push(trial);
    options.onTrial?.(trial);
  }
  const scored = trials.filter(({ score }) => score !== null);
  if (scored.length === 0) throw new QuenchError("MODEL_FAILED", "no trial gave finite samples");
  return {
    kind: "schedule-tuning",
    version: 1,
    model: modelStamp(denoiser),
    metric: options.metric,
    budget: { trials: trials.length, samples, evaluations, seed: String(seed) },
    solver: options.request?.solver,
    steps,
    trials,
    best: scored.reduce((best, trial) => (trial.score! < best.score! ? trial : best)),
  };
}

function combinations({ axes, smoothnesses, exponents }: LasTuneOptions) {
  for (const [name, list] of Object.entries({ axes, smoothnesses, exponents }))
    requireArgument(Array.isArray(list) && list.length > 0, name, "expected an array of at least one value");
  return axes.flatMap((axis) =>
    smoothnesses.flatMap((smoothness) =>
      (smoothness === 0 ? exponents.slice(0, 1) : exponents).map((exponent) => ({
        axis,
        smoothness,
        exponent,
      })),
    ),
  );
}
