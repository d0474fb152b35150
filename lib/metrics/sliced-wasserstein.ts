import { requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import { finiteRows, requireSamples } from "./check.js";
import { seededNormals } from "./random.js";

export interface SlicedOptions {
  /** Directions, uniform on the sphere; with one dimension one is enough. Default 128. */
  readonly directions?: number;
  /** Of the directions. Default 0. */
  readonly seed?: number;
  /** The order of the distance, ≥ 1. Default 2. */
  readonly order?: number;
}

/**
 * Sliced Wasserstein distance (Rabin et al. 2012; Bonneel et al. 2015): (mean over directions u of W_p(u·a,
 * u·b)^p)^{1/p}. In one dimension W_p is the distance of the sorted samples; where the sets differ in size, of their
 * quantile functions. Not zero for two finite draws of one distribution: compare with exact samples of the same
 * number.
 *
 * @throws QuenchError INVALID_ARGUMENT for no samples, or numbers that are not finite
 */
export function slicedWasserstein(
  a: Vector,
  b: Vector,
  dimension: number,
  options: SlicedOptions = {},
): number {
  const { seed = 0, order = 2 } = options;
  const directions = dimension === 1 ? 1 : (options.directions ?? 128);
  requireArgument(
    Number.isInteger(directions) && directions >= 1,
    "directions",
    `expected an integer ≥ 1, received ${directions}`,
  );
  requireArgument(order >= 1 && order < Infinity, "order", `expected a number ≥ 1, received ${order}`);
  requireSamples("the sliced Wasserstein distance", finiteRows(a, dimension, "a"), 1, "a");
  requireSamples("the sliced Wasserstein distance", finiteRows(b, dimension, "b"), 1, "b");
  const normals = seededNormals(directions * dimension, seed);
  let sum = 0;
  for (let at = 0; at < normals.length; at += dimension) {
    const direction = normals.subarray(at, at + dimension);
    const length = Math.hypot(...direction);
    for (let j = 0; j < dimension; j++) direction[j]! /= length;
    sum += transportCost(projected(a, direction), projected(b, direction), order);
  }
  return (sum / directions) ** (1 / order);
}

/** u·x of each row, sorted. */
function projected(samples: Vector, direction: Float64Array): Float64Array {
  const dimension = direction.length;
  return Float64Array.from({ length: samples.length / dimension }, (_, row) => {
    let sum = 0;
    for (let j = 0; j < dimension; j++) sum += direction[j]! * samples[row * dimension + j]!;
    return sum;
  }).sort();
}

/** ∫_0^1 |F_a^{-1}(q) − F_b^{-1}(q)|^p dq for sorted samples. */
function transportCost(a: Float64Array, b: Float64Array, order: number): number {
  let cost = 0;
  let reached = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [endA, endB] = [(i + 1) / a.length, (j + 1) / b.length];
    const end = Math.min(endA, endB);
    const gap = Math.abs(a[i]! - b[j]!);
    cost += (end - reached) * (order === 2 ? gap * gap : gap ** order);
    reached = end;
    if (endA <= end) i++;
    if (endB <= end) j++;
  }
  return cost;
}
