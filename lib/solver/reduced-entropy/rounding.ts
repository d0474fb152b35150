import { dtypeOf } from "../../device/index.js";
import type { Level } from "../../process/index.js";
import type { Run } from "../solver.js";

/** Rounds the coefficients of one row, on x and on predictions, to what the state's dtype holds; in place. */
export type Rounding = (level: Level, coefficients: number[]) => number[];

/**
 * Late in sampling x/α and the predictions are nearly one vector, and the coefficients rounded each by itself would
 * move all its elements alike. So their sum is kept: the smallest, whose own rounding is finest, takes up the errors
 * of the others. x stands back while it is mostly noise. In float64 nothing is to be done.
 *
 * Without it the float32 error on nearly equal predictions exceeds that of a plain transcription, and
 * test/solver/evodiff.test.ts fails.
 */
export function roundingOf({ x }: Run): Rounding {
  if (dtypeOf(x) === "float64") return (_, coefficients) => coefficients;
  return ({ alpha, sigma }, coefficients) => {
    let left = 0;
    let finest = sigma < alpha / 2 ? 0 : 1;
    for (let i = 0; i < coefficients.length; i++) {
      const exact = coefficients[i]!;
      const worth = i === 0 ? alpha : 1; // of a vector in units of a prediction
      const size = Math.abs(exact) * worth;
      if (i > 0 && size < Math.abs(coefficients[finest]!) * (finest === 0 ? alpha : 1)) finest = i;
      coefficients[i] = Math.fround(exact);
      left += (exact - coefficients[i]!) * worth;
    }
    coefficients[finest]! += left / (finest === 0 ? alpha : 1);
    return coefficients;
  };
}
