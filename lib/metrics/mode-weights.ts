import type { MixtureWorld } from "../denoiser/index.js";
import { logComponents } from "../denoiser/index.js";
import { requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
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
  return Math.ceil((5 * sumOf(weights)) / Math.min(...Array.from(weights)));
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
  const rows = finiteRows(samples, sizeOf(world.shape), "samples");
  const count = world.means.length;
  requireArgument(count >= 2, "world", "a mixture of one component has no weights to test");
  requireSamples("the χ² test of mode weights", rows, leastForModeWeights(world), "samples");

  const total = sumOf(world.weights);
  const logits = logComponents(world, samples, { alpha: 1, sigma: noise });
  const counts = new Float64Array(count);
  for (let at = 0; at < logits.length; at += count) {
    let best = 0;
    for (let k = 1; k < count; k++) if (logits[at + k]! > logits[at + best]!) best = k;
    counts[best]!++;
  }
  const chiSquared = counts.reduce((sum, found, k) => {
    const expected = (rows * world.weights[k]!) / total;
    return sum + (found - expected) ** 2 / expected;
  }, 0);
  const degrees = count - 1;
  return {
    weights: counts.map((found) => found / rows),
    chiSquared,
    degrees,
    pValue: chiSquaredTail(chiSquared, degrees),
  };
}

function sumOf(weights: ArrayLike<number>): number {
  return Array.from(weights).reduce((sum, weight) => sum + weight, 0);
}
