import { dot } from "../dot.js";
import { requireArgument, requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { type BootstrapOptions, bootstrapMean, type Replicates } from "./bootstrap.js";
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
 * @throws QuenchError INVALID_ARGUMENT for no samples, numbers that are not finite, an order below 1, or no directions
 */
export function slicedWasserstein(
  a: Vector,
  b: Vector,
  dimension: number,
  options: SlicedOptions = {},
): number {
  const order = orderOf(options);
  return distanceOf(slices(a, b, dimension, options), order);
}

/**
 * The distance of `a` from `b` and its bootstrap over the samples of `a`: of what each sample adds to the distance, to
 * first order. Samples drawn with replacement lie further from `b` than the samples do, and so their distances
 * understate how the difference of two methods scatters, near `b` by a quarter.
 *
 * @throws QuenchError INVALID_ARGUMENT as {@link slicedWasserstein}, or for wrong options of the bootstrap
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
  const value = distanceOf(sliced, order);
  // d(cost^{1/p}) = cost^{1/p − 1} / p d(cost)
  const slope = value > 0 ? value ** (1 - order) / (order * sliced.length) : 0;
  const perSample = new Float64Array(a.length / dimension).fill(value);
  for (const slice of sliced) {
    for (const [row, added] of addedCosts(slice, order).entries()) perSample[row]! += slope * added;
  }
  return { value, replicates: bootstrapMean(perSample, resampling).replicates };
}

function distanceOf(sliced: readonly Slice[], order: number): number {
  return mean(sliced.map((slice) => transportCost(slice, order))) ** (1 / order);
}

function orderOf({ order = 2 }: SlicedOptions): number {
  requireArgument(order >= 1 && order < Infinity, "order", `expected a number ≥ 1, received ${order}`);
  return order;
}

/** Each takes two sets of samples of memory. */
const mostDirections = 1_000_000;

/** Both sets seen along one direction, sorted. */
interface Slice {
  readonly a: Float64Array;
  /** Which sample of `a` each of them is. */
  readonly rows: Uint32Array;
  readonly b: Float64Array;
}

function slices(a: Vector, b: Vector, dimension: number, options: SlicedOptions): Slice[] {
  const directions = dimension === 1 ? 1 : (options.directions ?? 128);
  requireInteger(directions, "directions", { most: mostDirections });
  requireSamples("the sliced Wasserstein distance", finiteRows(a, dimension, "a"), 1, "a");
  requireSamples("the sliced Wasserstein distance", finiteRows(b, dimension, "b"), 1, "b");
  const normals = seededNormals(directions * dimension, options.seed ?? 0);
  return Array.from({ length: directions }, (_, n) => {
    const direction = normals.subarray(n * dimension, (n + 1) * dimension);
    const length = Math.sqrt(dot(direction, direction));
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

/** ∫_0^1 |F_a^{-1}(q) − F_b^{-1}(q)|^p dq. */
function transportCost({ a, b }: Slice, order: number): number {
  let cost = 0;
  let reached = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [endA, endB] = [(i + 1) / a.length, (j + 1) / b.length];
    const end = Math.min(endA, endB);
    cost += (end - reached) * power(a[i]! - b[j]!, order);
    reached = end;
    if (endA <= end) i++;
    if (endB <= end) j++;
  }
  return cost;
}

/**
 * By how much the cost changes with the weight of each sample of `a`, by row, to first order: the potential φ of the
 * transport, less its mean. From a sample to the next above it, to both sides of which the quantile b_q of the other
 * set lies at the share q of samples below, φ grows by |a_{i+1} − b_q|^p − |a_i − b_q|^p.
 */
function addedCosts({ a, rows, b }: Slice, order: number): Float64Array {
  const added = new Float64Array(a.length);
  let potential = 0;
  for (let i = 1; i < a.length; i++) {
    const quantile = middleQuantile(b, i / a.length);
    potential += power(a[i]! - quantile, order) - power(a[i - 1]! - quantile, order);
    added[rows[i]!] = potential;
  }
  const centre = mean(added);
  return added.map((value) => value - centre);
}

/** The q-quantile of sorted samples; the middle of two where the share q ends with one of them. */
function middleQuantile(sorted: Float64Array, q: number): number {
  const place = q * sorted.length;
  const whole = Math.round(place);
  if (Math.abs(place - whole) > 1e-9 * sorted.length) return sorted[Math.floor(place)]!;
  return (sorted[Math.max(whole - 1, 0)]! + sorted[Math.min(whole, sorted.length - 1)]!) / 2;
}

/** |x|^p, quickly for the usual order. */
function power(x: number, order: number): number {
  return order === 2 ? x * x : Math.abs(x) ** order;
}
