import type { SchedulerConfig } from "../denoiser/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { level } from "../process/index.js";
import { dpmMultistepSolver } from "./multistep-schedulers.js";
import { linspace } from "./numpy.js";
import { readOptions, type SchedulerOptions } from "./options.js";
import { levelGrid, type SchedulerPlan, thresholdingOf } from "./plan.js";
import { karrasSigmas, placeSigmas, sigmaRuleOf } from "./sigmas.js";
import { trained } from "./trained.js";

/*
 * The schedulers of networks without a table: EDM's, with its preconditioning, and flow matching.
 */

type EdmOptions = SchedulerOptions<"EDMEulerScheduler" | "EDMDPMSolverMultistepScheduler">;

function edmPlan(
  config: SchedulerConfig,
  options: EdmOptions,
  steps: number,
  request: Pick<SchedulerPlan["request"], "solver" | "thresholding">,
): SchedulerPlan {
  const { process, prediction } = trained(config);
  const { sigma_min, sigma_max, rho } = options;
  const sigmas =
    options.sigma_schedule === "karras"
      ? karrasSigmas(sigma_max, sigma_min, steps, rho)
      : placeSigmas("exponential", sigma_max, sigma_min, steps);
  const levels = sigmas.map((s) => level(s, Math.log(s) / 4, 1, s));
  const final = options.final_sigmas_type === "zero" ? process.clean : levels.at(-1)!;
  const initNoiseSigma = Math.sqrt(sigma_max ** 2 + 1);
  return {
    process,
    prediction,
    timesteps: levels.map(({ modelTime }) => modelTime),
    sigmas: [...sigmas, final.sigma],
    initNoiseSigma,
    stateScale: 1,
    request: { ...request, steps, grid: levelGrid([...levels, final]), initialScale: initNoiseSigma },
  };
}

export function edmEulerPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("EDMEulerScheduler", config);
  requireArgument(options.s_churn === 0, "EDMEulerScheduler.s_churn", "only 0 is supported");
  return edmPlan(config, options, steps, { solver: { name: "ddim" } });
}

export function edmDpmPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("EDMDPMSolverMultistepScheduler", config);
  return edmPlan(config, options, steps, {
    solver: dpmMultistepSolver(options, steps),
    ...thresholdingOf(options),
  });
}

type FlowOptions = SchedulerOptions<"FlowMatchEulerDiscreteScheduler">;

/** Euler's method on the flow is DDIM's step with α = 1 − σ. */
export function flowPlan(config: SchedulerConfig, steps: number): SchedulerPlan {
  const options = readOptions("FlowMatchEulerDiscreteScheduler", config);
  const { process, prediction, timesteps } = trained(config);
  if (options.use_dynamic_shifting && options.mu === undefined) {
    throw new QuenchError("INVALID_ARGUMENT", "use_dynamic_shifting needs mu, as set_timesteps takes it", {
      where: "FlowMatchEulerDiscreteScheduler.mu",
    });
  }
  const sigmas = flowSigmas(options, timesteps, steps);
  const levels = sigmas.map((s) => level(s, s * timesteps, 1 - s, s));
  return {
    process,
    prediction,
    timesteps: levels.map(({ modelTime }) => modelTime),
    sigmas: [...sigmas, 0],
    initNoiseSigma: 1,
    stateScale: 1,
    request: {
      solver: { name: "ddim" },
      steps,
      grid: levelGrid([...levels, process.clean]),
      initialScale: 1,
    },
  };
}

/**
 * Uniform between the ends of the shifted training schedule, then shifted (again, where the shift is fixed: as
 * released), then stretched to end at `shift_terminal`.
 */
function flowSigmas(options: FlowOptions, trainedSteps: number, steps: number): number[] {
  const { shift, mu = 0 } = options;
  const fixed = (sigma: number) => (shift * sigma) / (1 + (shift - 1) * sigma);
  const weight = options.time_shift_type === "exponential" ? Math.exp(mu) : mu;
  const dynamic = (sigma: number) => weight / (weight + (1 / sigma - 1));
  const trainingEnd = (sigma: number) => (options.use_dynamic_shifting ? sigma : fixed(sigma));
  const uniform = linspace(trainingEnd(1), trainingEnd(1 / trainedSteps), steps);
  let sigmas = uniform.map(options.use_dynamic_shifting ? dynamic : fixed);
  const last = sigmas.at(-1)!;
  if (options.shift_terminal !== undefined) {
    const stretch = (1 - last) / (1 - options.shift_terminal);
    sigmas = sigmas.map((sigma) => 1 - (1 - sigma) / stretch);
  }
  const rule = sigmaRuleOf(options);
  return rule ? placeSigmas(rule, sigmas[0]!, sigmas.at(-1)!, steps) : sigmas;
}
