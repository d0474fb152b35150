import { dtypeOf } from "../../device/index.js";
import { roundTogether } from "../../native/index.js";
import type { Level } from "../../process/index.js";
import type { Run } from "../solver.js";

/** The coefficients of one combination, on x and on predictions, rounded to what the state's dtype holds. */
export type Rounding = (level: Level, coefficients: readonly number[]) => Readonly<ArrayLike<number>>;

/** So that their sum stays: native/reduced_entropy/rounding.h. */
export function roundingOf(run: Run): Rounding {
  if (!isSingle(run)) return (_, coefficients) => coefficients;
  return (level, coefficients) => {
    const rounded = new Float64Array(coefficients);
    roundTogether(rounded, level);
    return rounded;
  };
}

/** What formulas are told of a level where they round so: alpha, sigma, and whether to. */
export function roundingAt(run: Run, { alpha, sigma }: Level): readonly [number, number, number] {
  return [alpha, sigma, isSingle(run) ? 1 : 0];
}

function isSingle({ x }: Run): boolean {
  return dtypeOf(x) === "float32";
}
