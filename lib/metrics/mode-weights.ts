import type { MixtureWorld } from "../denoiser/index.js";
import { logComponents } from "../denoiser/index.js";
import { requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { argMax } from "./arg-max.js";
import { type BootstrapOptions, type Replicates, resamples } from "./bootstrap.js";
import { finiteRows, requireSamples } from "./check.js";
import { chiSquaredTail } from "./distributions.js";

export interface ModeWeights {
  /** Share of the samples that belong to each component. */
  readonly weights: Float64Array;
  /** Σ_k (n_k − n w_k)² / (n w_k). */
  readonly chiSquared: number;
  /** K − 1. */
  readonly degrees: number;
  /** Probability of a χ² at least as large for exact samples. */
  readonly pValue: number;
}

/** Fewest samples of which 5 are expected in every component, as the χ² test wants. */
export function leastForModeWeights({ weights }: MixtureWorld): number {
  const least = Array.from(weights).reduce((a, b) => Math.min(a, b), Infinity);
  return Math.ceil((5 * sumOf(weights)) / least);
}

/**
 * How often each component of a mixture is drawn: every sample belongs to the component that most probably made it,
 * and Pearson's χ² test compares the counts with the weights. Exact where components hardly overlap: where they do,
 * the largest posterior favours the heavier of two neighbours even for exact samples.
 *
 * @param noise standard deviation by which point components are widened, to have a density. Default 0.
 * @throws QuenchError INVALID_ARGUMENT for one component, point components without noise, or fewer samples than give
 *   5 to be expected in each component (says how many)
 */
export function modeWeights(world: MixtureWorld, samples: Vector, noise = 0): ModeWeights {
  const modes = modesOf(world, samples, noise);
  const expected = expectedCounts(world, modes.length);
  const counts = countsOf(modes, expected.length);
  const chiSquared = pearson(
    counts.map((found, k) => found - expected[k]!),
    expected,
  );
  const degrees = expected.length - 1;
  return {
    weights: counts.map((found) => found / modes.length),
    chiSquared,
    degrees,
    pValue: chiSquaredTail(chiSquared, degrees),
  };
}

/**
 * The χ² of {@link modeWeights} and its bootstrap. Chance alone adds K − 1 to χ² on average, and samples drawn with
 * replacement would add as much once more: where the weights are right their χ² scatters √3 times as much as χ² does.
 * So the counts' deviations are first shrunk by √(1 − (K − 1)/χ²) to what is left of them without chance.
 *
 * @throws QuenchError INVALID_ARGUMENT as {@link modeWeights}, or for wrong options
 */
export function bootstrapModeWeights(
  world: MixtureWorld,
  samples: Vector,
  options: Omit<BootstrapOptions, "count"> = {},
): Replicates {
  const modes = modesOf(world, samples, 0);
  const draws = resamples({ ...options, count: modes.length });
  const expected = expectedCounts(world, modes.length);
  const counts = countsOf(modes, expected.length);
  const deviations = counts.map((found, k) => found - expected[k]!);
  const value = pearson(deviations, expected);
  const beyondChance = Math.max(0, value - (expected.length - 1));
  const shrunk = value > 0 ? Math.sqrt(beyondChance / value) : 0;
  const replicates = Float64Array.from(draws, (indices) => {
    const drawn = countsOf(
      indices.map((i) => modes[i]!),
      expected.length,
    );
    return pearson(
      drawn.map((found, k) => found - counts[k]! + shrunk * deviations[k]!),
      expected,
    );
  });
  return { value, replicates };
}

/** The component of each sample. */
function modesOf(world: MixtureWorld, samples: Vector, noise: number): Uint32Array {
  const rows = finiteRows(samples, sizeOf(world.shape), "samples");
  const count = world.means.length;
  requireArgument(count >= 2, "world", "a mixture of one component has no weights to test");
  requireSamples("the χ² test of mode weights", rows, leastForModeWeights(world), "samples");
  const logits = logComponents(world, samples, { alpha: 1, sigma: noise });
  return Uint32Array.from({ length: rows }, (_, row) =>
    argMax(logits.subarray(row * count, (row + 1) * count)),
  );
}

function expectedCounts({ weights }: MixtureWorld, rows: number): Float64Array {
  const total = sumOf(weights);
  return Float64Array.from(weights, (weight) => (rows * weight) / total);
}

function countsOf(modes: Uint32Array, length: number): Float64Array {
  const counts = new Float64Array(length);
  for (const mode of modes) counts[mode]!++;
  return counts;
}

/** Σ_k deviation_k² / expected_k. */
function pearson(deviations: Float64Array, expected: Float64Array): number {
  return deviations.reduce((sum, deviation, k) => sum + deviation ** 2 / expected[k]!, 0);
}

function sumOf(weights: ArrayLike<number>): number {
  return Array.from(weights).reduce((sum, weight) => sum + weight, 0);
}
