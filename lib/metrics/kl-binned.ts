import type { MixtureWorld } from "../denoiser/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { finiteRows, requireSamples } from "./check.js";
import { normalCdf } from "./distributions.js";

export interface BinnedOptions {
  /** Bins per dimension. Default 100 in one dimension, 40 in two. */
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
  /** What it is on average for exact samples: (bins with a probability above 0 − 1) / 2n, for large n. */
  readonly floor: number;
}

/** Below this a bin holds nothing of the world; samples there count as if it held this much. */
const leastProbability = 1e-12;

/**
 * KL divergence of a histogram of the samples from the exact probabilities of a mixture's bins, in one or two
 * dimensions (the curves of ETS): Σ_b q_b ln(q_b / p_b), with p_b by differences of the normal distribution function.
 * The outermost bins reach to infinity. Point components are allowed: they lie in one bin.
 *
 * @throws QuenchError INVALID_ARGUMENT for other dimensions, full covariances, samples not finite
 */
export function klBinned(
  world: MixtureWorld,
  samples: Vector,
  options: BinnedOptions = {},
): BinnedDivergence {
  const size = sizeOf(world.shape);
  requireArgument(size <= 2, "world", `bins are for 1 or 2 dimensions, it has ${size}`);
  requireArgument(
    world.stds !== undefined,
    "world",
    "bins are for isotropic components (stds), it has covariances",
  );
  const rows = finiteRows(samples, size, "samples");
  requireSamples("the binned KL divergence", rows, 1, "samples");
  const { bins = size === 1 ? 100 : 40, range = defaultRange(world) } = options;
  requireInteger(bins, "bins", { least: 2 });
  const [low, high] = range;
  requireArgument(
    Number.isFinite(low) && Number.isFinite(high) && low < high,
    "range",
    `expected low < high, received [${low}, ${high}]`,
  );

  const counts = new Float64Array(bins ** size);
  for (let row = 0; row < rows; row++) {
    let bin = 0;
    for (let j = 0; j < size; j++) {
      const place = Math.floor(((samples[row * size + j]! - low) / (high - low)) * bins);
      bin = bin * bins + Math.min(Math.max(place, 0), bins - 1);
    }
    counts[bin]!++;
  }
  const expected = probabilities(world, size, bins, low, high);
  let value = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const share = counts[bin]! / rows;
    if (share > 0) value += share * Math.log(share / Math.max(expected[bin]!, leastProbability));
  }
  const held = expected.reduce((sum, probability) => sum + (probability > leastProbability ? 1 : 0), 0);
  return { value, floor: (held - 1) / (2 * rows) };
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
  const ends = means.flatMap((centre, k) =>
    Array.from(centre).flatMap((x) => [x - 4 * stds![k]!, x + 4 * stds![k]!]),
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  // Points at the very ends lie within their bins, not on an edge.
  const margin = 0.05 * (high - low) || 1;
  return [low - margin, high + margin];
}
