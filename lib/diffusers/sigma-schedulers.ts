import type { SchedulerConfig } from "../denoiser/index.js";
import { QuenchError } from "../errors.js";
import { type Level, level, scaledSigma } from "../process/index.js";
import { clean, sigmaLevel } from "./levels.js";
import { readOptions } from "./options.js";
import { levelGrid, type SchedulerPlan, scaledStart, sigmasOf, thresholdingOf } from "./plan.js";
import { placeSigmas, type SigmaRuleOptions, sigmaRuleOf } from "./sigmas.js";
import { type SpacingRule, unroundedTimesteps } from "./timesteps.js";
import { type TrainedTable, trainedTable } from "./trained.js";

/*
 * The schedulers of k-diffusion's making, whose sample is x/α: Euler, Heun, DPM2, LMS and the ancestral ones. The model
 * is told fractional timesteps.
 */

interface SigmaOptions extends SpacingRule, SigmaRuleOptions {
  readonly sigma_min?: number | undefined;
  readonly sigma_max?: number | undefined;
  readonly interpolation_type?: "linear" | "log_linear";
  readonly final_sigmas_type?: "zero" | "sigma_min";
  readonly clip_sample?: boolean;
  readonly clip_sample_range?: number;
}

function sigmaPlan(
  table: TrainedTable,
  options: SigmaOptions,
  steps: number,
  solver: SchedulerPlan["request"]["solver"],
): SchedulerPlan {
  const { levels, end } = placeLevels(table, options, steps);
  // The sample at the end is x/α, so the last level has α = 1 also where σ is not 0.
  const last = end === 0 ? clean : level(1 / table.timesteps, 0, 1, end);
  const largest = sigmasOf(levels).reduce((a, b) => Math.max(a, b));
  const initNoiseSigma = options.timestep_spacing === "leading" ? Math.sqrt(largest ** 2 + 1) : largest;
  const { initialScale, ...start } = scaledStart(levels[0]!, initNoiseSigma);
  const all = [...levels, last];
  return {
    process: table.process,
    prediction: table.prediction,
    timesteps: levels.map(({ modelTime }) => modelTime),
    sigmas: sigmasOf(all),
    ...start,
    request: {
      solver,
      steps,
      grid: levelGrid(all),
      initialScale,
      ...(options.clip_sample ? thresholdingOf({ ...options, ...noThresholding }) : {}),
    },
  };
}

/** Where the model is evaluated, and the sigma at the end. */
function placeLevels(
  table: TrainedTable,
  options: SigmaOptions,
  steps: number,
): { levels: Level[]; end: number } {
  const { sigmas } = table;
  const times = unroundedTimesteps(options, table.timesteps, steps);
  const rule = sigmaRuleOf(options);
  const logLinear = options.interpolation_type === "log_linear";
  if (logLinear && !rule) {
    // The timesteps stay, but one sigma more is spread over the whole table: the last is where sampling ends.
    const spread = placeSigmas("exponential", sigmas.largest, sigmas.smallest, steps + 1);
    return { levels: times.map((t, i) => sigmaLevel(table, spread[i]!, t)), end: spread[steps]! };
  }
  const levels = rule
    ? placeSigmas(
        rule,
        options.sigma_max ?? (logLinear ? sigmas.largest : sigmas.at(times[0]!)),
        options.sigma_min ?? (logLinear ? sigmas.smallest : sigmas.at(times.at(-1)!)),
        steps,
      ).map((sigma) => sigmaLevel(table, sigma, sigmas.timestepOf(sigma)))
    : times.map((t) => sigmaLevel(table, sigmas.at(t), t));
  const smallest = Math.min(sigmas.smallest, scaledSigma(levels.at(-1)!));
  return { levels, end: options.final_sigmas_type === "sigma_min" ? smallest : 0 };
}

const noThresholding = { thresholding: false, dynamic_thresholding_ratio: 1, sample_max_value: 1 };

export function eulerPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("EulerDiscreteScheduler", config);
  if (options.timestep_type === "continuous" || config.prediction_type === "v_prediction_continuous") {
    throw new QuenchError("INVALID_ARGUMENT", '"continuous" is not supported', {
      where: "EulerDiscreteScheduler.timestep_type",
    });
  }
  const table = trainedTable(config);
  const reads = table.prediction === "v" || table.prediction === "sample" ? table.prediction : "epsilon";
  return sigmaPlan(table, options, steps, {
    name: "euler-diffusers",
    churn: options.s_churn,
    churnMin: options.s_tmin,
    ...(Number.isFinite(options.s_tmax) ? { churnMax: options.s_tmax } : {}),
    churnNoise: options.s_noise,
    reads,
  });
}

export function heunPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("HeunDiscreteScheduler", config);
  const plan = sigmaPlan(trainedTable(config), options, steps, { name: "edm-heun" });
  return { ...plan, timesteps: twiceAfterFirst(plan.timesteps), sigmas: twiceInside(plan.sigmas!) };
}

export function eulerAncestralPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("EulerAncestralDiscreteScheduler", config);
  return sigmaPlan(trainedTable(config), options, steps, { name: "euler-ancestral" });
}

export function lmsPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("LMSDiscreteScheduler", config);
  return sigmaPlan(trainedTable(config), options, steps, { name: "lms" });
}

export function kdpm2Plan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("KDPM2DiscreteScheduler", config);
  return sigmaPlan(trainedTable(config), options, steps, { name: "dpm2" });
}

export function kdpm2AncestralPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("KDPM2AncestralDiscreteScheduler", config);
  return sigmaPlan(trainedTable(config), options, steps, { name: "dpm2-ancestral" });
}

/** Heun's scheduler lists a level once for each evaluation there: once at the first, then twice. */
function twiceAfterFirst(values: readonly number[]): number[] {
  return values.flatMap((value, i) => (i === 0 ? [value] : [value, value]));
}

function twiceInside(values: readonly number[]): number[] {
  return [...twiceAfterFirst(values.slice(0, -1)), values.at(-1)!];
}
