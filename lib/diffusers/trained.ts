import { configFromScheduler, processFromConfig, type SchedulerConfig } from "../denoiser/index.js";
import { QuenchError } from "../errors.js";
import type { Prediction, Process } from "../process/index.js";
import { schedulerClass, schedulerOptions } from "./options.js";
import { SigmaTable } from "./sigmas.js";

/** What a network was trained on, by its scheduler's configuration. */
export interface Trained {
  readonly process: Process;
  readonly prediction: Prediction;
  /** Number of trained timesteps. */
  readonly timesteps: number;
}

/** A network trained on a table of betas. */
export interface TrainedTable extends Trained {
  readonly alphasCumulative: Float64Array;
  readonly sigmas: SigmaTable;
}

export function trained(config: SchedulerConfig): Trained {
  const { process, prediction } = configFromScheduler(ownBetas(config), "scheduler");
  const timesteps = typeof config.num_train_timesteps === "number" ? config.num_train_timesteps : 1000;
  return { process: processFromConfig(process, prediction), prediction, timesteps };
}

/** Classes that know no zero terminal SNR pass over the option, as over any other that is not theirs. */
function ownBetas(config: SchedulerConfig): SchedulerConfig {
  const known = "rescale_betas_zero_snr" in schedulerOptions[schedulerClass(config)].shape;
  return known ? config : { ...config, rescale_betas_zero_snr: false };
}

/** @throws QuenchError INVALID_ARGUMENT for flow matching, which only FlowMatchEulerDiscreteScheduler samples here */
export function trainedTable(config: SchedulerConfig): TrainedTable {
  const known = trained(config);
  const { alphasCumulative } = known.process;
  if (!alphasCumulative) {
    throw new QuenchError(
      "INVALID_ARGUMENT",
      `${String(config._class_name)} with flow matching is not supported`,
      { where: "prediction_type" },
    );
  }
  return {
    ...known,
    timesteps: alphasCumulative.length,
    alphasCumulative,
    sigmas: new SigmaTable(alphasCumulative),
  };
}
