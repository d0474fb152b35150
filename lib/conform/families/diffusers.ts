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
  // At zero terminal SNR the table's last entry is not what the model was told; the level is.
  const toldTime = golden.model_time === "timestep" && options.rescale_betas_zero_snr !== true;
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
