import { logDensity, type MixtureWorld } from "../denoiser/index.js";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { finiteRows, requireSamples } from "./check.js";
import { mean } from "./mean.js";

export interface LogLikelihood {
  /**
   * −1/n Σ_i ln p(x_i), in nats; lower is better, down to the world's entropy (and below it where modes are too
   * narrow).
   */
  readonly negativeMean: number;
  /** −ln p(x_i). */
  readonly perSample: Float64Array;
}

/**
 * Negative mean log-likelihood of samples under the known density of a mixture, as in the toy tables of LAS. It does
 * not see missing modes: read it beside {@link modeWeights} or a KL divergence.
 *
 * @throws QuenchError INVALID_ARGUMENT for samples of another size or not finite, or a mixture with point components
 */
export function logLikelihood(world: MixtureWorld, samples: Vector): LogLikelihood {
  requireSamples("the log-likelihood", finiteRows(samples, sizeOf(world.shape), "samples"), 1, "samples");
  const perSample = logDensity(world, samples).map((value) => -value);
  return { negativeMean: mean(perSample), perSample };
}
