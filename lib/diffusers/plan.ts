import { type Level, type Prediction, type Process, scaledSigma } from "../process/index.js";
import type { GridRequest, GridStep } from "../schedule/index.js";
import type { Thresholding } from "../thresholding/index.js";

/** A diffusers scheduler in Quench's terms. */
export interface SchedulerPlan {
  /** The process and prediction the network was trained with, for a denoiser that does not bring them. */
  readonly process: Process;
  readonly prediction: Prediction;
  /** What `sample()` needs beside the number of samples, seeds, labels and the like. */
  readonly request: {
    readonly solver: string | { readonly name: string; readonly [option: string]: unknown };
    readonly steps: number;
    readonly grid: GridRequest;
    readonly initialScale: number;
    readonly thresholding?: Thresholding | undefined;
  };
  /** `scheduler.timesteps` after `set_timesteps(steps)`: what the model is told, call by call. */
  readonly timesteps: readonly number[];
  /** `scheduler.sigmas`, where the class has them. */
  readonly sigmas?: readonly number[];
  /** `scheduler.init_noise_sigma`: what a script multiplies its normals by. */
  readonly initNoiseSigma: number;
  /**
   * Quench's x over the scheduler's sample at the first level. Schedulers in sigma keep x/α, so a latent from a script
   * becomes `initial` times this; at the end both are the same.
   */
  readonly stateScale: number;
}

/** The JSON of a grid of levels; equal neighbours at the end are kept, for a last step of no length. */
export function levelGrid(levels: readonly Level[]): { levels: ReturnType<typeof plain>[] } {
  return { levels: levels.map(plain) };
}

/** The same for steps that do not start where the one before ended. */
export function stepGrid(steps: readonly GridStep[]) {
  return {
    steps: steps.map(({ from, to, at }) => ({
      from: plain(from),
      to: plain(to),
      ...(at ? { at: plain(at) } : {}),
    })),
  };
}

function plain({ t, modelTime, alpha, sigma }: Level) {
  return { t, modelTime, alpha, sigma };
}

interface ThresholdingOptions {
  readonly thresholding: boolean;
  readonly dynamic_thresholding_ratio: number;
  readonly sample_max_value: number;
  readonly clip_sample?: boolean;
  readonly clip_sample_range?: number;
}

/** Dynamic thresholding, which takes precedence, or clipping. diffusers' largest value is an upper bound on the limit. */
export function thresholdingOf(options: ThresholdingOptions): { thresholding?: Thresholding } {
  if (options.thresholding) {
    return {
      thresholding: {
        type: "dynamic",
        quantile: options.dynamic_thresholding_ratio,
        floor: 1,
        ceiling: options.sample_max_value,
      },
    };
  }
  const range = options.clip_sample_range ?? 1;
  return options.clip_sample ? { thresholding: { type: "clamp", range: [-range, range] } } : {};
}

/** Scale of the first state, for schedulers whose sample is x/α scaled by `initNoiseSigma`. */
export function scaledStart(first: Level, initNoiseSigma: number) {
  return { initNoiseSigma, stateScale: first.alpha, initialScale: first.alpha * initNoiseSigma };
}

/** scaledSigma of each level, as `scheduler.sigmas` lists it. */
export function sigmasOf(levels: readonly Level[]): number[] {
  return levels.map(scaledSigma);
}
