import type { Vector } from "../native/index.js";
import { type BootstrapOptions, bootstrap, type Replicates } from "./bootstrap.js";
import { finiteRows, requireSamples } from "./check.js";
import { frechetDistance, type GaussianStatistics } from "./frechet.js";
import { featureStatistics } from "./statistics.js";

/**
 * The Fréchet distance of features to reference statistics, and its bootstrap. Give methods that began from the same noises the
 * same seed, and take {@link difference} and {@link interval} of the results.
 *
 * @param features rows × dimension
 * @throws QuenchError INVALID_ARGUMENT as {@link frechetDistance}
 */
export async function bootstrapFrechet(
  features: Vector,
  reference: GaussianStatistics,
  options: Omit<BootstrapOptions, "count"> = {},
): Promise<Replicates> {
  const dimension = reference.mean.length;
  const count = finiteRows(features, dimension, "features");
  requireSamples("the Fréchet distance", count, 2, "features");
  const at = (indices: Uint32Array) => {
    const drawn = new Float64Array(indices.length * dimension);
    indices.forEach((index, row) => {
      drawn.set(features.subarray(index * dimension, (index + 1) * dimension), row * dimension);
    });
    return frechetDistance(featureStatistics(drawn, dimension), reference);
  };
  return bootstrap(at, { ...options, count });
}
