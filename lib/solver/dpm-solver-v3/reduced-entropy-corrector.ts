import type { Vector } from "../../device/index.js";
import { decide } from "../../native/index.js";
import { decided, varianceFactors } from "../reduced-entropy/decision.js";
import type { Run } from "../solver.js";
import type { Correction } from "./plan.js";

/**
 * The control of RE Algorithm 1 inside DPM-Solver-v3's parameterisation, as a corrector of second order. With slope
 * what a derivative of q does to x_t, the two gradient terms are
 *
 *     U = slope ⊙ (q_s − q_{s−1})/(λ_s − λ_{s−1}),   V = slope ⊙ (q_t − q_s)/(λ_t − λ_s)
 *
 * (the predictor's and the plain corrector's), and x_t = first order + ζ ((η/2) V + (1 − η/2) U). RE reports its
 * Table 3 without formulas: η* and ζ* are Eq. 4.19 and 4.16 with these U and V, which they become when l, s and b are
 * constant, and inner products over the sample.
 */
export function reducedEntropyCorrector(
  { rows, vectors, combine, gram, trace }: Run,
  shift: number,
  one: Vector,
) {
  const [linear, backward, forward] = vectors(3);
  const weights = decided("gradient-weights", rows, new Float64Array(0), {
    coefficients: 2,
    measured: varianceFactors,
  });
  const [onForward, onBackward] = weights.coefficients;

  return (correction: Correction, start: Vector, q: Vector, previous: Vector, before: Vector): void => {
    const { keep, slope, widths } = correction;
    const gradient = (into: Vector, late: Vector, early: Vector, width: number) => {
      combine(into, [1 / width, late], [-1 / width, early]);
      combine(into, [slope, into]);
    };
    combine(linear, [keep, start]);
    gradient(forward, q, previous, widths.forward);
    gradient(backward, previous, before, widths.backward);
    decide(gram([linear, backward, forward], rows, "blocked"), weights.with([shift]));
    trace?.(weights.measured);
    combine(
      start,
      [1, linear],
      [correction.onPrediction[0]!, previous],
      [correction.constant, one],
      [onBackward!, backward],
      [onForward!, forward],
    );
  };
}
