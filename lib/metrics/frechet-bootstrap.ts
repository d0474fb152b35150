import { resampledDistances, type Vector } from "../native/index.js";
import { type BootstrapOptions, type Replicates, resampledIndices } from "./bootstrap.js";
import { finiteRows, requireSamples } from "./check.js";
import { frechetDistance, type GaussianStatistics } from "./frechet.js";
import { featureStatistics } from "./statistics.js";

/**
 * The Fréchet distance of features to reference statistics, and its bootstrap: as {@link bootstrap} of the distance,
 * but the reference is factored once and each resample costs one weighted covariance and the eigenvalues of the
 * smaller of (dimensions, different samples). Give methods that began from the same noises the same options, and take
 * {@link difference} and {@link interval} of the results. Computed off the event loop.
 *
 * @param features rows × dimension
 * @param network sha256 of the network they are of, compared with the reference's
 * @throws QuenchError INVALID_ARGUMENT, MODEL_MISMATCH as {@link frechetDistance}
 */
export async function bootstrapFrechet(
  features: Vector,
  reference: GaussianStatistics,
  options: Omit<BootstrapOptions, "count"> = {},
  network?: string,
): Promise<Replicates> {
  const dimension = reference.mean.length;
  const count = finiteRows(features, dimension, "features");
  requireSamples("the Fréchet distance", count, 2, "features");
  const draws = resampledIndices({ ...options, count });
  const own = featureStatistics(features, dimension, network);
  const value = await frechetDistance(own, reference);
  const centred = Float64Array.from(features, (feature, at) => feature - own.mean[at % dimension]!);
  const gap = own.mean.map((mean, j) => mean - reference.mean[j]!);
  return { value, replicates: await resampledDistances(centred, gap, reference.covariance, draws) };
}
