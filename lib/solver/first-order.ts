import type { Vector } from "../device/index.js";
import type { Interval } from "./solver.js";

/** A term with one coefficient for all rows. */
type PlainTerm = readonly [number, Vector];

/**
 * x_t = (σ_t/σ_s) x + (α_t − α_s σ_t/σ_s) m: DDIM's deterministic step in data prediction. Written so, nothing
 * overflows on the last step to σ_t = 0, where it is α_t m.
 */
export function dataStep({ from, to }: Interval, x: Vector, m: Vector): [PlainTerm, PlainTerm] {
  const ratio = to.sigma / from.sigma;
  return [
    [ratio, x],
    [to.alpha - from.alpha * ratio, m],
  ];
}

/** x_t = (α_t/α_s) x + (σ_t − σ_s α_t/α_s) e: the same step in noise prediction. */
export function noiseStep({ from, to }: Interval, x: Vector, e: Vector): [PlainTerm, PlainTerm] {
  const ratio = to.alpha / from.alpha;
  return [
    [ratio, x],
    [to.sigma - from.sigma * ratio, e],
  ];
}

/**
 * The same along Σ w_j e_j, a blend of several noise predictions with weights w: PNDM's "transfer part". Where the
 * weights are [1] it is DDIM bit for bit.
 */
export function weightedNoiseStep(
  step: Interval,
  x: Vector,
  predictions: readonly Vector[],
  weights: readonly number[],
): PlainTerm[] {
  const [onX, [onNoise]] = noiseStep(step, x, predictions[0]!);
  return [onX, ...weights.map((weight, j): PlainTerm => [onNoise * weight, predictions[j]!])];
}
