import type { SchedulerConfig } from "../denoiser/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import type { Level } from "../process/index.js";
import { clean, tableLevel } from "./levels.js";
import { readOptions } from "./options.js";
import { levelGrid, type SchedulerPlan, stepGrid, thresholdingOf } from "./plan.js";
import { timesteps } from "./timesteps.js";
import { type TrainedTable, trainedTable } from "./trained.js";

/*
 * The schedulers that read α̅ from the trained table at whole timesteps: DDIM, DDPM and PNDM.
 */

/** DDIM lands at t − ⌊T/N⌋ whatever the spacing, and evaluates next at its next timestep. */
export function ddimPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("DDIMScheduler", config);
  const table = zeroTerminal(trainedTable(config), options);
  const times = timesteps(options, table.timesteps, steps);
  const stride = Math.floor(table.timesteps / steps);
  const end = options.set_alpha_to_one ? clean : tableLevel(table, 0);
  const levelOf = (timestep: number): Level => (timestep < 0 ? end : tableLevel(table, timestep));
  const limits = thresholdingOf(options);
  return {
    ...start(table),
    timesteps: times,
    request: {
      solver: {
        name: "ddim",
        eta: options.eta,
        noise: limits.thresholding && !options.use_clipped_model_output ? "model" : "thresholded",
      },
      steps,
      grid: stepGrid(times.map((t) => ({ from: tableLevel(table, t), to: levelOf(t - stride) }))),
      initialScale: 1,
      ...limits,
    },
  };
}

export function ddpmPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("DDPMScheduler", config);
  const table = zeroTerminal(trainedTable(config), options);
  const times = timesteps(options, table.timesteps, steps);
  return {
    ...start(table),
    timesteps: times,
    request: {
      solver: {
        name: "ddpm-diffusers",
        variance: options.variance_type === "fixed_large" ? "large" : "small",
      },
      steps,
      grid: levelGrid([...times.map((t) => tableLevel(table, t)), clean]),
      initialScale: 1,
      ...thresholdingOf(options),
    },
  };
}

export function pndmPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("PNDMScheduler", config);
  const table = trainedTable(config);
  if (table.prediction === "sample") {
    throw new QuenchError("INVALID_ARGUMENT", "PNDMScheduler does not support it", {
      where: "prediction_type",
    });
  }
  const times = timesteps(options, table.timesteps, steps);
  const end = options.set_alpha_to_one ? clean : tableLevel(table, 0);
  const stride = Math.floor(table.timesteps / steps);
  const moves = options.skip_prk_steps ? plmsMoves(times, stride) : rungeKuttaMoves(times, stride);
  const levelOf = (timestep: number): Level => (timestep < 0 ? end : tableLevel(table, timestep));
  return {
    ...start(table),
    timesteps: moves.map(({ evaluate }) => evaluate),
    request: {
      solver: {
        name: "pndm-diffusers",
        start: options.skip_prk_steps ? "heun" : "runge-kutta",
        extrapolates: table.prediction === "v" ? "v" : "noise",
      },
      steps: moves.length,
      grid: stepGrid(
        moves.map(({ evaluate, from, to }) => ({
          from: levelOf(from),
          to: levelOf(to),
          at: levelOf(evaluate),
        })),
      ),
      initialScale: 1,
    },
  };
}

/** One evaluation of PNDM, and the timesteps between which its prediction moves the state. */
interface Move {
  readonly evaluate: number;
  readonly from: number;
  readonly to: number;
}

/** Crowson's PLMS: the second timestep is evaluated twice, the first time to correct the step that led there. */
function plmsMoves(times: readonly number[], stride: number): Move[] {
  return times.flatMap((t, i) => {
    const move = { evaluate: t, from: t, to: t - stride };
    return i === 1 ? [{ evaluate: t, from: t + stride, to: t }, move] : [move];
  });
}

/** Three pseudo Runge-Kutta steps over the first four timesteps, with evaluations half a stride down between them. */
function rungeKuttaMoves(times: readonly number[], stride: number): Move[] {
  requireArgument(
    times.length >= 4,
    "steps",
    `PNDMScheduler with Runge-Kutta steps needs at least 4 steps, received ${times.length}`,
  );
  const half = Math.floor(stride / 2);
  const starts = times.slice(0, 3).flatMap((t, i): Move[] => {
    const next = times[i + 1]!;
    const middle = next + half;
    return [
      { evaluate: t, from: t, to: t - half },
      { evaluate: middle, from: t, to: middle },
      { evaluate: middle, from: t, to: middle - half },
      { evaluate: next, from: t, to: next },
    ];
  });
  return [...starts, ...times.slice(3).map((t) => ({ evaluate: t, from: t, to: t - stride }))];
}

function start({ process, prediction }: TrainedTable) {
  return { process, prediction, initNoiseSigma: 1, stateScale: 1 };
}

/**
 * These schedulers take zero terminal SNR literally, α = 0 at the last trained timestep, where the multistep
 * schedulers and the process keep 2⁻¹².
 */
function zeroTerminal(table: TrainedTable, options: { rescale_betas_zero_snr: boolean }): TrainedTable {
  if (!options.rescale_betas_zero_snr) return table;
  const alphasCumulative = table.alphasCumulative.slice();
  alphasCumulative[alphasCumulative.length - 1] = 0;
  return { ...table, alphasCumulative };
}
