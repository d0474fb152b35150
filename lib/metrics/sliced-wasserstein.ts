import { requireArgument, requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { type BootstrapOptions, type Replicates, resampledIndices } from "./bootstrap.js";
import { finiteRows, requireSamples } from "./check.js";
import { mean } from "./mean.js";
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
  const order = orderOf(options);
  const costs = slices(a, b, dimension, options).map((slice) => transportCost(slice, order));
  return mean(costs) ** (1 / order);
}

/**
 * The distance of `a` from `b` and its bootstrap over the samples of `a`. Each slice is sorted once: a resample only
 * changes how much its samples weigh.
 *
 * @throws QuenchError INVALID_ARGUMENT as {@link slicedWasserstein}
 */
export function bootstrapSliced(
  a: Vector,
  b: Vector,
  dimension: number,
  options: SlicedOptions = {},
  resampling: Omit<BootstrapOptions, "count"> = {},
): Replicates {
  const order = orderOf(options);
  const sliced = slices(a, b, dimension, options);
  const count = a.length / dimension;
  const draws = resampledIndices({ ...resampling, count });
  const times = new Uint32Array(count);
  const replicates = Float64Array.from({ length: draws.length / count }, (_, r) => {
    times.fill(0);
    for (let i = r * count; i < (r + 1) * count; i++) times[draws[i]!]!++;
    return mean(sliced.map((slice) => transportCost(slice, order, times))) ** (1 / order);
  });
  return { value: slicedWasserstein(a, b, dimension, options), replicates };
}

function orderOf({ order = 2 }: SlicedOptions): number {
  requireArgument(order >= 1 && order < Infinity, "order", `expected a number ≥ 1, received ${order}`);
  return order;
}

/** Both sets seen along one direction, sorted. */
interface Slice {
  readonly a: Float64Array;
  /** Which sample of `a` each of them is. */
  readonly rows: Uint32Array;
  readonly b: Float64Array;
}

function slices(a: Vector, b: Vector, dimension: number, options: SlicedOptions): Slice[] {
  const directions = dimension === 1 ? 1 : (options.directions ?? 128);
  requireInteger(directions, "directions");
  requireSamples("the sliced Wasserstein distance", finiteRows(a, dimension, "a"), 1, "a");
  requireSamples("the sliced Wasserstein distance", finiteRows(b, dimension, "b"), 1, "b");
  const normals = seededNormals(directions * dimension, options.seed ?? 0);
  return Array.from({ length: directions }, (_, n) => {
    const direction = normals.subarray(n * dimension, (n + 1) * dimension);
    const length = Math.hypot(...direction);
    for (let j = 0; j < dimension; j++) direction[j]! /= length;
    const along = projected(a, direction);
    const rows = Uint32Array.from(along.keys()).sort((i, j) => along[i]! - along[j]!);
    return { a: along.toSorted(), rows, b: projected(b, direction).sort() };
  });
}

/** u·x of each row. */
function projected(samples: Vector, direction: Float64Array): Float64Array {
  const dimension = direction.length;
  return Float64Array.from({ length: samples.length / dimension }, (_, row) => {
    let sum = 0;
    for (let j = 0; j < dimension; j++) sum += direction[j]! * samples[row * dimension + j]!;
    return sum;
  });
}

/**
 * ∫_0^1 |F_a^{-1}(q) − F_b^{-1}(q)|^p dq.
 * @param times how often each sample of `a` counts, default once; in all as often as there are samples
 */
function transportCost({ a, rows, b }: Slice, order: number, times?: Uint32Array): number {
  let cost = 0;
  let reached = 0;
  let counted = times ? times[rows[0]!]! : 1;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [endA, endB] = [counted / a.length, (j + 1) / b.length];
    const end = Math.min(endA, endB);
    const gap = Math.abs(a[i]! - b[j]!);
    cost += (end - reached) * (order === 2 ? gap * gap : gap ** order);
    reached = end;
    if (endA <= end && ++i < a.length) counted += times ? times[rows[i]!]! : 1;
    if (endB <= end) j++;
  }
  return cost;
}
