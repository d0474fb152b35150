import { distancesWithout, type Vector } from "../native/index.js";
import { type BootstrapOptions, type Replicates, resamples } from "./bootstrap.js";
import { finiteRows, requireSamples } from "./check.js";
import { frechetDistance, type GaussianStatistics } from "./frechet.js";
import { influences, jackknifeGroups, mostGroups } from "./jackknife.js";
import { featureStatistics } from "./statistics.js";

/** Dimensions up to which a distance takes milliseconds; in 2048 it takes seconds. */
const cheap = 512;

/**
 * The Fréchet distance of features to reference statistics, and its bootstrap: of what each sample adds to the
 * distance, by the jackknife. Distances of samples drawn with replacement scatter several times as much as distances do
 * (drawn twice, a sample narrows the covariance as if it were another), so these are not taken. Give methods that began
 * from the same noises the same options, and take {@link difference} and {@link interval} of the results. Computed off
 * the event loop: 250 distances at most, and in more than 512 dimensions no more than resamples.
 *
 * @param features rows × dimension
 * @throws QuenchError INVALID_ARGUMENT as {@link frechetDistance}
 */
export async function bootstrapFrechet(
  features: Vector,
  reference: GaussianStatistics,
  { strata, ...options }: Omit<BootstrapOptions, "count"> = {},
): Promise<Replicates> {
  const dimension = reference.mean.length;
  const count = finiteRows(features, dimension, "features");
  requireSamples("the Fréchet distance and its interval", count, 3, "features");
  resamples({ ...options, count }); // says what is wrong before any work
  const own = featureStatistics(features, dimension);
  const value = await frechetDistance(own, reference);
  const centred = Float64Array.from(features, (feature, at) => feature - own.mean[at % dimension]!);
  const gap = own.mean.map((mean, j) => mean - reference.mean[j]!);
  // Of three groups each leaves two samples at least.
  const most =
    dimension <= cheap ? mostGroups : Math.min(mostGroups, Math.max(options.resamples ?? mostGroups, 3));
  const groups = jackknifeGroups(count, strata, most);
  const { group, sizes } = groups;
  const without = await distancesWithout(centred, gap, reference.covariance, group, sizes.length);
  const added = influences(value, without, groups);
  const classOf = new Uint32Array(sizes.length);
  groups.strata.forEach((list, stratum) => {
    for (const g of list) classOf[g] = stratum;
  });
  const draws = resamples({ ...options, count: sizes.length, strata: classOf });
  const replicates = Float64Array.from(draws, (drawn) => {
    let sum = value;
    for (const g of drawn) sum += added[g]!;
    return sum;
  });
  return { value, replicates };
}
