import { fromSchedulerConfig } from "../../diffusers/index.js";
import { QuenchError } from "../../errors.js";
import { type Adapter, predictionOf, startOf, Unsupported, world } from "../adapter.js";

/** The schedulers of diffusers, by their own configurations: the arguments of `step()` are members like the rest. */
export const diffusers: Adapter = (golden, file) => {
  const { name: _, scheduler, step_kwargs: stepArguments, ...options } = golden.solver;
  const config = {
    ...options,
    ...(stepArguments as Record<string, unknown> | undefined),
    _class_name: scheduler,
    prediction_type: golden.prediction,
  };
  const { process, request, stateScale } = supported(() => fromSchedulerConfig(config, golden.steps));
  // The process has no α = 0; at levels that do, as DDIM's and DDPM's at zero terminal SNR, the level says the time.
  const literalZero = scheduler === "DDIMScheduler" || scheduler === "DDPMScheduler";
  const toldTime =
    golden.model_time === "timestep" && !(literalZero && options.rescale_betas_zero_snr === true);
  return {
    denoiser: world(file, process, predictionOf(golden), toldTime ? "time" : "level"),
    request: {
      ...startOf(golden, file),
      initial: golden.x_T.map((value) => value * stateScale),
      ...request,
    },
  };
};

function supported<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof QuenchError) throw new Unsupported(error.message);
    throw error;
  }
}
