import { requireArgument, requireInteger } from "../errors.js";
import { requireConfidence } from "./check.js";
import { mean, standardDeviation } from "./mean.js";
import { quantile } from "./quantile.js";
import { requireSeed, seededUniforms } from "./random.js";
import { strataOf } from "./strata.js";

export interface BootstrapOptions {
  /** Samples that are drawn from, with replacement. */
  readonly count: number;
  /** Resamples. Default 200. */
  readonly resamples?: number;
  /** Default 0. The same seed, count and resamples give the same draws, which is what pairs methods. */
  readonly seed?: number;
  /**
   * The class of each sample, where every draw of samples has as many of each: resamples then have too. Left out where
   * a class has fewer than ten.
   */
  readonly strata?: ArrayLike<number>;
}

/** A metric's value and what it becomes on each resample. */
export interface Replicates {
  readonly value: number;
  readonly replicates: Float64Array;
}

export interface Interval {
  readonly value: number;
  /** Standard deviation of the replicates. */
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  /** Whether zero lies outside: of a difference, whether it is beyond noise. */
  readonly beyondNoise: boolean;
}

/** A metric of the samples at some indices, in which one may occur several times. */
export type IndexMetric = (indices: Uint32Array) => number | Promise<number>;

/** How many resamples where nobody says. */
const usual = 200;

/**
 * The bootstrap (Efron 1979): the metric of all samples, and of `resamples` draws of as many samples with
 * replacement. Methods that began from the same noises are compared by {@link difference} of replicates with the same
 * options: what a draw of noises does to both then cancels.
 *
 * @throws QuenchError INVALID_ARGUMENT for wrong options
 */
export async function bootstrap(metric: IndexMetric, options: BootstrapOptions): Promise<Replicates> {
  const draws = resamples(options);
  const value = await metric(Uint32Array.from({ length: options.count }, (_, i) => i));
  const replicates: number[] = [];
  for (const indices of draws) replicates.push(await metric(indices));
  return { value, replicates: Float64Array.from(replicates) };
}

/** The mean of one number per sample, and its bootstrap: fast, for metrics that are means. */
export function bootstrapMean(
  perSample: ArrayLike<number>,
  options: Omit<BootstrapOptions, "count"> = {},
): Replicates {
  const count = perSample.length;
  const replicates = Float64Array.from(resamples({ ...options, count }), (indices) => {
    let sum = 0;
    for (const i of indices) sum += perSample[i]!;
    return sum / count;
  });
  return { value: mean(perSample), replicates };
}

/**
 * Replicates of a − b, resample by resample; both must come from the same options.
 * @throws QuenchError INVALID_ARGUMENT for other numbers of replicates
 */
export function difference(a: Replicates, b: Replicates): Replicates {
  requireArgument(
    a.replicates.length === b.replicates.length,
    "replicates",
    `expected as many on both sides, received ${a.replicates.length} and ${b.replicates.length}`,
  );
  return { value: a.value - b.value, replicates: a.replicates.map((value, r) => value - b.replicates[r]!) };
}

/**
 * Replicates of the mean over several seeds, whose samples (and so whose resamples, give them other bootstrap seeds)
 * are independent.
 * @throws QuenchError INVALID_ARGUMENT for none, or other numbers of replicates
 */
export function averageReplicates(seeds: readonly Replicates[]): Replicates {
  requireArgument(seeds.length > 0, "seeds", "expected at least one");
  const { length } = seeds[0]!.replicates;
  requireArgument(
    seeds.every(({ replicates }) => replicates.length === length),
    "seeds",
    `expected ${length} replicates of each`,
  );
  return {
    value: mean(seeds.map(({ value }) => value)),
    replicates: Float64Array.from({ length }, (_, r) => mean(seeds.map(({ replicates }) => replicates[r]!))),
  };
}

/**
 * The interval that the replicates give: their quantiles, moved by value − (mean of the replicates). Without that
 * move a Fréchet distance may lie outside its own interval, as every resample has fewer different samples and is
 * biased upwards; for metrics that are means the move is nothing but the resamples' own noise.
 *
 * @param confidence in (0, 1). Default 0.95.
 * @throws QuenchError INVALID_ARGUMENT for another confidence, or fewer than 2 replicates
 */
export function interval({ value, replicates }: Replicates, confidence = 0.95): Interval {
  requireConfidence(confidence);
  requireArgument(replicates.length >= 2, "replicates", `expected at least 2, received ${replicates.length}`);
  const centre = mean(replicates);
  const sorted = replicates.toSorted();
  const at = (q: number) => quantile(sorted, q) - centre + value;
  const [low, high] = [at((1 - confidence) / 2), at((1 + confidence) / 2)];
  return {
    value,
    standardError: standardDeviation(replicates),
    low,
    high,
    confidence,
    beyondNoise: low > 0 || high < 0,
  };
}

/**
 * The indices of each resample in turn: uniform with replacement, each from the class of the sample in whose place it
 * stands. Made one resample at a time, so that memory does not grow with their number.
 *
 * @throws QuenchError INVALID_ARGUMENT for wrong options, before the first is drawn
 */
export function resamples(options: BootstrapOptions): Iterable<Uint32Array> {
  const { count, resamples: times = usual, seed = 0, strata } = options;
  requireInteger(count, "count");
  requireInteger(times, "resamples", { least: 2 });
  requireSeed(seed);
  return drawn(strataOf(count, strata), count, times, seed);
}

function* drawn(classes: readonly Uint32Array[], count: number, times: number, seed: number) {
  for (let resample = 0; resample < times; resample++) {
    const uniforms = seededUniforms(count, seed, resample * count);
    const indices = new Uint32Array(count);
    for (const members of classes) {
      for (const i of members) {
        const at = Math.min(Math.floor(uniforms[i]! * members.length), members.length - 1);
        indices[i] = members[at]!;
      }
    }
    yield indices;
  }
}
