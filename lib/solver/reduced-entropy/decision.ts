import type { Decision, Formula } from "../../native/index.js";
import type { Diagnostics } from "../solver.js";

/** A decision's arrays for so many rows, and the parts of them that solvers hand on. */
export interface Decided {
  /** With this step's constants; the same object for every step. */
  with(constants: readonly number[]): Decision;
  /** One coefficient each for every row. */
  readonly coefficients: readonly Float64Array[];
  /** What the formula measured, by name, one number per row. */
  readonly measured: Diagnostics;
}

/**
 * @param kept what rows keep, for a formula that keeps something
 * @param names of its coefficients, as many as it has, and of what it measures
 */
export function decided(
  formula: Formula,
  rows: number,
  kept: Float64Array,
  names: { readonly coefficients: number; readonly measured: readonly string[] },
): Decided {
  let decision: Decision | undefined;
  const coefficients = new Float64Array(rows * names.coefficients);
  const measured = new Float64Array(rows * names.measured.length);
  const part = (whole: Float64Array, k: number) => whole.subarray(k * rows, (k + 1) * rows);
  return {
    with(constants) {
      decision ??= {
        ...{ formula, rows, kept, coefficients, measured },
        constants: new Float64Array(constants.length),
      };
      decision.constants.set(constants);
      return decision;
    },
    coefficients: Array.from({ length: names.coefficients }, (_, k) => part(coefficients, k)),
    measured: Object.fromEntries(names.measured.map((name, k) => [name, part(measured, k)])),
  };
}

/** What the variance formulas measure. */
export const varianceFactors = ["eta", "zeta", "etaStar", "zetaStar"] as const;
