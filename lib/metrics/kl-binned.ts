import type { MixtureWorld } from "../denoiser/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { type BootstrapOptions, type Replicates, resamples } from "./bootstrap.js";
import { finiteRows, requireSamples } from "./check.js";
import { normalCdf } from "./distributions.js";

export interface BinnedOptions {
  /** Bins per dimension, 2 to 4096. Default 100 in one dimension, 40 in two. */
  readonly bins?: number;
  /**
   * The binned range of every dimension; all beyond goes to the outermost bins. Default the components' means ± 4
   * deviations.
   */
  readonly range?: readonly [low: number, high: number];
}

export interface BinnedDivergence {
  /** KL(histogram ‖ world's bin probabilities), in nats, ≥ 0. */
  readonly value: number;
  /** What it is on average for as many exact samples; (bins − 1) / 2n where each bin is sure to get some. */
  readonly floor: number;
}

/** Below this a bin holds nothing of the world; samples there count as if it held this much. */
const leastProbability = 1e-12;
/** Of each dimension, as memory grows with the square. */
const mostBins = 4096;
/** A term that is so much smaller than the largest changes nothing. */
const negligible = 1e-18;

/**
 * KL divergence of a histogram of the samples from the exact probabilities of a mixture's bins, in one or two
 * dimensions (the curves of ETS): Σ_b q_b ln(q_b / p_b), with p_b by differences of the normal distribution function.
 * The outermost bins reach to infinity. Point components are allowed: they lie in one bin.
 *
 * @throws QuenchError INVALID_ARGUMENT for other dimensions, full covariances, no samples or such as are not finite,
 * wrong
 *   options
 */
export function klBinned(
  world: MixtureWorld,
  samples: Vector,
  options: BinnedOptions = {},
): BinnedDivergence {
  const { bins, expected } = binned(world, samples, options);
  return { value: divergence(bins, expected), floor: floorOf(expected, bins.length) };
}

/**
 * The divergence of {@link klBinned} and its bootstrap. About its floor intervals are up to √3 times too wide, as
 * resamples add their noise to that of the counts, and so are those of the difference of two that both lie there.
 *
 * @throws QuenchError INVALID_ARGUMENT as {@link klBinned}, or for wrong options of the bootstrap
 */
export function bootstrapBinned(
  world: MixtureWorld,
  samples: Vector,
  options: BinnedOptions = {},
  resampling: Omit<BootstrapOptions, "count"> = {},
): Replicates {
  const { bins, expected } = binned(world, samples, options);
  const draws = resamples({ ...resampling, count: bins.length });
  const replicates = Float64Array.from(draws, (indices) =>
    divergence(
      indices.map((i) => bins[i]!),
      expected,
    ),
  );
  return { value: divergence(bins, expected), replicates };
}

/** The bin of each sample, and the exact probability of each bin. */
interface Binned {
  readonly bins: Uint32Array;
  readonly expected: Float64Array;
}

function binned(world: MixtureWorld, samples: Vector, options: BinnedOptions): Binned {
  const size = sizeOf(world.shape);
  requireArgument(size <= 2, "world", `bins are for 1 or 2 dimensions, it has ${size}`);
  requireArgument(
    world.stds !== undefined,
    "world",
    "bins are for isotropic components (stds), it has covariances",
  );
  const rows = finiteRows(samples, size, "samples");
  requireSamples("the binned KL divergence", rows, 1, "samples");
  const { bins: across = size === 1 ? 100 : 40, range = defaultRange(world) } = options;
  requireInteger(across, "bins", { least: 2, most: mostBins });
  const [low, high] = range;
  requireArgument(
    Number.isFinite(low) && Number.isFinite(high) && low < high,
    "range",
    `expected low < high, received [${low}, ${high}]`,
  );
  const binAlong = (x: number) =>
    Math.min(Math.max(Math.floor(((x - low) / (high - low)) * across), 0), across - 1);
  const bins = new Uint32Array(rows);
  for (const [at, x] of samples.entries()) {
    const row = Math.floor(at / size);
    bins[row] = bins[row]! * across + binAlong(x);
  }
  return { bins, expected: probabilities(world, size, across, low, high) };
}

/** Σ_b q_b ln(q_b / p_b) of the shares q of the samples in each bin. */
function divergence(bins: Uint32Array, expected: Float64Array): number {
  const counts = new Float64Array(expected.length);
  for (const bin of bins) counts[bin]!++;
  let value = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const share = counts[bin]! / bins.length;
    if (share > 0) value += share * Math.log(share / Math.max(expected[bin]!, leastProbability));
  }
  return value;
}

/** Σ_b E[N_b/n ln(N_b/(n p_b))] of N_b ~ Binomial(n, p_b), which is Σ_b p_b (E ln(M + 1) − ln(n p_b)), M ~ Binomial(n − 1, p_b). */
function floorOf(expected: Float64Array, rows: number): number {
  return expected.reduce((sum, p) => {
    if (p <= leastProbability) return sum;
    return sum + p * (expectedLog(rows - 1, p) - Math.log(rows * p));
  }, 0);
}

/** E ln(M + 1) of M ~ Binomial(n, p): terms from the likeliest outwards, each by its ratio to the one before. */
function expectedLog(n: number, p: number): number {
  if (p >= 1) return Math.log(n + 1);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  let [weights, sum] = [1, Math.log(mode + 1)];
  const add = (m: number, weight: number) => {
    weights += weight;
    sum += weight * Math.log(m + 1);
  };
  let weight = 1;
  for (let m = mode + 1; m <= n && weight > negligible; m++) {
    weight *= ((n - m + 1) / m) * odds;
    add(m, weight);
  }
  weight = 1;
  for (let m = mode - 1; m >= 0 && weight > negligible; m--) {
    weight *= (m + 1) / ((n - m) * odds);
    add(m, weight);
  }
  return sum / weights;
}

/** Exact probability of each bin. */
function probabilities(
  { weights, means, stds }: MixtureWorld,
  size: number,
  bins: number,
  low: number,
  high: number,
): Float64Array {
  const found = new Float64Array(bins ** size);
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  for (const [k, centre] of means.entries()) {
    const along = Array.from({ length: size }, (_, j) =>
      Float64Array.from({ length: bins }, (_, bin) => {
        const edge = (i: number) => normalCdf(low + ((high - low) * i) / bins, centre[j]!, stds![k]!);
        return (bin === bins - 1 ? 1 : edge(bin + 1)) - (bin === 0 ? 0 : edge(bin));
      }),
    );
    for (let bin = 0; bin < found.length; bin++) {
      const probability =
        size === 1 ? along[0]![bin]! : along[0]![Math.floor(bin / bins)]! * along[1]![bin % bins]!;
      found[bin]! += (weights[k]! / total) * probability;
    }
  }
  return found;
}

function defaultRange({ means, stds }: MixtureWorld): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const [k, centre] of means.entries()) {
    for (const x of Array.from(centre)) {
      low = Math.min(low, x - 4 * stds![k]!);
      high = Math.max(high, x + 4 * stds![k]!);
    }
  }
  // Points at the very ends lie within their bins, not on an edge.
  const margin = 0.05 * (high - low) || 1;
  return [low - margin, high + margin];
}
