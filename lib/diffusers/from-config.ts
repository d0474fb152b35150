import { isObject, received } from "../checks/received.js";
import type { SchedulerConfig } from "../denoiser/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import { edmDpmPlan, edmEulerPlan, flowPlan } from "./continuous-schedulers.js";
import { deisPlan, dpmMultistepPlan, dpmSinglestepPlan, unipcPlan } from "./multistep-schedulers.js";
import { type SchedulerClass, schedulerClass } from "./options.js";
import type { SchedulerPlan } from "./plan.js";
import {
  eulerAncestralPlan,
  eulerPlan,
  heunPlan,
  kdpm2AncestralPlan,
  kdpm2Plan,
  lmsPlan,
} from "./sigma-schedulers.js";
import { ddimPlan, ddpmPlan, pndmPlan } from "./table-schedulers.js";

const plans: Readonly<Record<SchedulerClass, (config: SchedulerConfig, steps: number) => SchedulerPlan>> = {
  DDIMScheduler: ddimPlan,
  DDPMScheduler: ddpmPlan,
  PNDMScheduler: pndmPlan,
  DEISMultistepScheduler: deisPlan,
  DPMSolverMultistepScheduler: dpmMultistepPlan,
  DPMSolverSinglestepScheduler: dpmSinglestepPlan,
  UniPCMultistepScheduler: unipcPlan,
  EulerDiscreteScheduler: eulerPlan,
  EulerAncestralDiscreteScheduler: eulerAncestralPlan,
  HeunDiscreteScheduler: heunPlan,
  KDPM2DiscreteScheduler: kdpm2Plan,
  KDPM2AncestralDiscreteScheduler: kdpm2AncestralPlan,
  LMSDiscreteScheduler: lmsPlan,
  EDMEulerScheduler: edmEulerPlan,
  EDMDPMSolverMultistepScheduler: edmDpmPlan,
  FlowMatchEulerDiscreteScheduler: flowPlan,
};

/**
 * Puts a diffusers `scheduler_config.json` into Quench's terms: `sample(denoiser, { ...plan.request, count, seed })`
 * then takes the trajectory that diffusers takes with `set_timesteps(steps)`. Arguments of `scheduler.step()` (eta,
 * s_churn, s_noise, …) and of `set_timesteps` (mu) are given as members beside the configuration's own.
 *
 * @param config as in the file; null counts as absent, and options that only other classes have are passed over, as
 * diffusers does
 * @param steps `num_inference_steps`
 * @throws QuenchError UNKNOWN_NAME for a class or option that is not known, INVALID_ARGUMENT naming an option or value
 * that is not supported, INVALID_MODEL for a trained process that cannot be read
 */
export function fromSchedulerConfig(config: SchedulerConfig, steps: number): SchedulerPlan {
  requireArgument(
    isObject(config),
    "config",
    () => `expected what a scheduler_config.json holds, received ${received(config)}`,
  );
  requireInteger(steps, "steps");
  return plans[schedulerClass(config)](config, steps);
}
