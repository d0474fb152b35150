import type { SchedulerConfig } from "../denoiser/index.js";
import { QuenchError } from "../errors.js";
import { type Level, scaledSigma } from "../process/index.js";
import { clean, sigmaLevel } from "./levels.js";
import { readOptions, type SchedulerOptions } from "./options.js";
import { levelGrid, type SchedulerPlan, sigmasOf, thresholdingOf } from "./plan.js";
import { placeSigmas, type SigmaRuleOptions, sigmaRuleOf, wholeTimestep } from "./sigmas.js";
import { multistepTimesteps, type SpacingRule } from "./timesteps.js";
import { type TrainedTable, trainedTable } from "./trained.js";

/*
 * The schedulers over VP levels with a `sigmas` array and whole timesteps: DPM-Solver, UniPC and DEIS.
 */

type MultistepOptions = SpacingRule &
  SigmaRuleOptions & { sigma_min?: number | undefined; sigma_max?: number | undefined };

interface Placed {
  /** Where the model is evaluated, noisiest first. */
  readonly levels: readonly Level[];
  /** Whether a rule of its own placed the sigmas, rather than the timesteps. */
  readonly byRule: boolean;
}

function place(
  table: TrainedTable,
  options: MultistepOptions,
  steps: number,
  { last, whole = wholeTimestep }: { readonly last?: number; readonly whole?: typeof wholeTimestep } = {},
): Placed {
  const { sigmas } = table;
  const rule = sigmaRuleOf(options);
  if (!rule) {
    const times = multistepTimesteps(options, table.timesteps, steps, last);
    return { levels: times.map((t) => sigmaLevel(table, sigmas.at(t), t)), byRule: false };
  }
  const placed = placeSigmas(
    rule,
    options.sigma_max ?? sigmas.largest,
    options.sigma_min ?? sigmas.smallest,
    steps,
  );
  const levels = placed.map((s) => sigmaLevel(table, s, whole(rule, sigmas.timestepOf(s))));
  return { levels, byRule: true };
}

/** The level after the last: clean, or the smallest noise, which may be where the levels already are. */
function finalLevel(table: TrainedTable, last: Level, final: "zero" | "sigma_min", smallest: number): Level {
  if (final === "zero") return clean;
  const same = Math.abs(smallest - scaledSigma(last)) <= 1e-9 * smallest;
  return same ? last : sigmaLevel(table, smallest, 0);
}

function plan(
  table: TrainedTable,
  levels: readonly Level[],
  final: Level,
  request: Pick<SchedulerPlan["request"], "solver" | "thresholding">,
): SchedulerPlan {
  const all = [...levels, final];
  return {
    process: table.process,
    prediction: table.prediction,
    timesteps: levels.map(({ modelTime }) => modelTime),
    sigmas: sigmasOf(all),
    initNoiseSigma: 1,
    stateScale: 1,
    request: { ...request, steps: levels.length, grid: levelGrid(all), initialScale: 1 },
  };
}

/** One past the noisiest timestep whose half-log-SNR is at least `lowest`, for tables that end near pure noise. */
function lastTimestep({ sigmas, timesteps }: TrainedTable, lowest: number): number {
  let clipped = 0;
  while (clipped < timesteps && -Math.log(sigmas.sigmas[timesteps - 1 - clipped]!) < lowest) clipped++;
  return timesteps - clipped;
}

type DpmOptions = SchedulerOptions<"DPMSolverMultistepScheduler" | "DPMSolverSinglestepScheduler">;

/** The noise prediction's formulas are infinite at σ = 0; diffusers refuses them there too. */
function refuseZeroEnd(name: string, { algorithm_type, final_sigmas_type }: DpmOptions): void {
  if (!algorithm_type.endsWith("++") && final_sigmas_type === "zero") {
    throw new QuenchError(
      "INVALID_ARGUMENT",
      `"zero" is not supported for algorithm_type ${algorithm_type}: choose "sigma_min"`,
      { where: `${name}.final_sigmas_type` },
    );
  }
}

/** Quench's name for the multistep solver, and its options. */
export function dpmMultistepSolver(
  options: Pick<
    SchedulerOptions<"DPMSolverMultistepScheduler">,
    "algorithm_type" | "solver_order" | "solver_type" | "lower_order_final" | "euler_at_final"
  >,
  steps: number,
): { name: string } & Record<string, unknown> {
  const { algorithm_type, solver_order: order } = options;
  const family = algorithm_type.replace("dpmsolver", "dpm-solver");
  const stochastic = algorithm_type.startsWith("sde");
  if (order === 1) return { name: `${family}-1` };
  // Fewer than 15 steps end with orders …, 2, 1; a last step to σ = 0 is of first order in any case.
  const lowered = options.lower_order_final && steps < 15;
  const lowerOrderFinal = lowered ? true : options.euler_at_final ? "last" : false;
  const shared = { correction: options.solver_type, lowerOrderFinal };
  if (order === 2) return { name: `${family}-2m`, ...shared };
  if (algorithm_type === "sde-dpmsolver") {
    throw new QuenchError("INVALID_ARGUMENT", "sde-dpmsolver has no third order", { where: "solver_order" });
  }
  return { name: `${family}-3m`, ...shared, variant: stochastic ? "diffusers" : "released" };
}

export function dpmMultistepPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("DPMSolverMultistepScheduler", config);
  refuseZeroEnd("DPMSolverMultistepScheduler", options);
  const table = trainedTable(config);
  const last = lastTimestep(table, options.lambda_min_clipped);
  // This class alone truncates the timesteps of squared-cosine tables whatever placed them.
  const truncates = config.beta_schedule === "squaredcos_cap_v2";
  const { levels } = place(table, options, steps, {
    last,
    ...(truncates ? { whole: (_rule, timestep) => Math.trunc(timestep) } : {}),
  });
  const final = finalLevel(table, levels.at(-1)!, options.final_sigmas_type, table.sigmas.smallest);
  return plan(table, levels, final, {
    solver: dpmMultistepSolver(options, steps),
    ...thresholdingOf(options),
  });
}

export function dpmSinglestepPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("DPMSolverSinglestepScheduler", config);
  refuseZeroEnd("DPMSolverSinglestepScheduler", options);
  const { algorithm_type, solver_order: order, solver_type: correction } = options;
  const eta = algorithm_type.startsWith("sde") ? 1 : 0;
  if (eta === 1 && order === 3) {
    throw new QuenchError("INVALID_ARGUMENT", `${algorithm_type} is supported up to order 2`, {
      where: "solver_order",
    });
  }
  const table = trainedTable(config);
  // As in the multistep class: evenly from 0 to the last timestep that is not clipped, both included.
  const last = lastTimestep(table, options.lambda_min_clipped);
  const { levels } = place(table, { ...options, timestep_spacing: "linspace", steps_offset: 0 }, steps, {
    last,
  });
  const final = finalLevel(table, levels.at(-1)!, options.final_sigmas_type, table.sigmas.smallest);
  const uneven = steps % order !== 0 || options.final_sigmas_type === "zero";
  return plan(table, levels, final, {
    solver: {
      name: "dpm-solver-single-diffusers",
      prediction: algorithm_type.endsWith("++") ? "data" : "noise",
      order,
      correction,
      lowerOrderFinal: options.lower_order_final || uneven,
      eta,
    },
    ...thresholdingOf(options),
  });
}

export function unipcPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("UniPCMultistepScheduler", config);
  const table = trainedTable(config);
  const { levels, byRule } = place(table, options, steps);
  const last = levels.at(-1)!;
  const smallest = byRule ? scaledSigma(last) : table.sigmas.smallest;
  const final = finalLevel(table, last, options.final_sigmas_type, smallest);
  if (final === clean && (options.solver_type === "bh1" || !options.predict_x0)) {
    throw new QuenchError(
      "INVALID_ARGUMENT",
      'bh1 and noise prediction end in NaN at sigma 0 upstream: choose "sigma_min"',
      { where: "UniPCMultistepScheduler.final_sigmas_type" },
    );
  }
  return plan(table, levels, final, {
    solver: {
      name: "unipc",
      order: options.solver_order,
      variant: options.solver_type,
      prediction: options.predict_x0 ? "data" : "noise",
      uncorrected: options.disable_corrector,
      lowerOrderFinal: options.lower_order_final,
    },
    // As upstream, noise prediction is not thresholded.
    ...(options.predict_x0 ? thresholdingOf(options) : {}),
  });
}

export function deisPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("DEISMultistepScheduler", config);
  const table = trainedTable(config);
  const { levels, byRule } = place(table, options, steps);
  const last = levels.at(-1)!;
  const final = finalLevel(table, last, "sigma_min", byRule ? scaledSigma(last) : table.sigmas.smallest);
  return plan(table, levels, final, {
    solver: {
      name: "deis-log-rho",
      order: options.solver_order,
      lowerOrderFinal: options.lower_order_final && steps < 15,
    },
    ...thresholdingOf(options),
  });
}
