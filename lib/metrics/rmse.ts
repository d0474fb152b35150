import { requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import { finiteRows, requireSamples } from "./check.js";
import { mean } from "./mean.js";

export interface Rmse {
  /** Mean of `perSample`. */
  readonly mean: number;
  readonly perSample: Float64Array;
}

/**
 * Root mean square error of each sample to the reference sample of the same row, √(1/d Σ_j (x_ij − y_ij)²): to the
 * model's own high-accuracy trajectories from the same noises, or to exact solutions of the ODE.
 *
 * @param size d, the numbers of one sample
 * @throws QuenchError INVALID_ARGUMENT for other lengths or numbers that are not finite
 */
export function rmse(samples: Vector, reference: Vector, size: number): Rmse {
  const rows = finiteRows(samples, size, "samples");
  requireArgument(
    finiteRows(reference, size, "reference") === rows,
    "reference",
    `expected ${rows} samples, received ${reference.length / size}`,
  );
  requireSamples("the RMSE", rows, 1, "samples");
  const perSample = Float64Array.from({ length: rows }, (_, row) => {
    let squares = 0;
    for (let at = row * size; at < (row + 1) * size; at++) squares += (samples[at]! - reference[at]!) ** 2;
    return Math.sqrt(squares / size);
  });
  return { mean: mean(perSample), perSample };
}
