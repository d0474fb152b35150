import { binding } from "./binding.js";
import type { Vector } from "./combine.js";

/** Rows that {@link addMoments} takes together: a stream cut at multiples of it gives the same bits however it arrives. */
export const momentsBlock = 128;

/**
 * Adds rows to the mean of `before` rows and to the upper triangle of Σ (row − mean)(row − mean)ᵀ, d × d, in float64,
 * so that nothing cancels far from zero.
 */
export function addMoments(mean: Float64Array, products: Float64Array, rows: Vector, before: number): void {
  binding.addMoments(mean, products, rows, before);
}

/** out[i, j] = row i of `a` · row j of `b`, in float64; `a` and `b` of one dtype. */
export function innerProducts(out: Float64Array, a: Vector, b: Vector, dimension: number): void {
  binding.innerProducts(out, a, b, dimension);
}

/**
 * tr (A^½ B A^½)^½ of symmetric positive semi-definite d × d matrices of any rank: the sum of the
 * singular values of L_Aᵀ L_B, with pivoted Cholesky factors. NaN for matrices that are not finite.
 */
export async function rootTrace(a: Float64Array, b: Float64Array, dimension: number): Promise<number> {
  return (await binding.rootTrace(a, b, dimension))[0]!;
}

/**
 * Fréchet distances to a Gaussian of all rows but one group's, for each group.
 *
 * @param rows n × d, shifted so that their mean is 0
 * @param gap that mean less the Gaussian's
 * @param covariance the Gaussian's
 * @param group of each row, below `groups`; at least two rows are outside of each
 */
export function distancesWithout(
  rows: Float64Array,
  gap: Float64Array,
  covariance: Float64Array,
  group: Uint32Array,
  groups: number,
): Promise<Float64Array> {
  return binding.distancesWithout(rows, gap, covariance, group, groups);
}
