import { type Argument, binding } from "./binding.js";
import { type Combination, flattenInTurn, type Vector } from "./combine.js";
import { type Accumulate, type BasisElement, flagOf, flattenBasis } from "./gram.js";

/** The formulas of native/reduced_entropy, by the numbers that formulas.cpp gives them. */
const formulas = {
  "gradient-weights": 0,
  "variance-correction": 1,
  "balanced-probe": 2,
  "balanced-correction": 3,
} as const;

export type Formula = keyof typeof formulas;

/** A formula for every row, with what it reads and writes; native/reduced_entropy says how many numbers and which. */
export interface Decision {
  readonly formula: Formula;
  readonly rows: number;
  /** In the order of its struct Constants. */
  readonly constants: Float64Array;
  /** What rows keep from step to step, row by row. */
  readonly kept: Float64Array;
  /** What it writes, number by number, each for all rows: parts are coefficients of terms. */
  readonly coefficients: Float64Array;
  readonly measured: Float64Array;
}

/** A step's correction: combinations, what is measured after them, what that decides, and the combinations that follow. */
export interface Correction {
  readonly before: readonly Combination[];
  /** Looked at for NaN and infinity first: one vector, or several stored back to back. */
  readonly checked?: Vector | undefined;
  /** Without it no formula may need inner products. */
  readonly basis: readonly BasisElement[];
  readonly accumulate: Accumulate;
  /** One or two, of one number of rows. */
  readonly decisions: readonly Decision[];
  /** Their coefficients may be parts of what the decisions write. */
  readonly after: readonly Combination[];
}

/**
 * `combineInTurn` of the combinations before; of what `gram` would write, the first number and the last column, K + 1
 * products a row; the decisions, in order; `combineInTurn` of the combinations after. Row by row, so that memory is
 * gone through once, where a row's part of all vectors fits into a near cache, with "blocked", (m0, [m0, m1], [mt, m0])
 * for a basis, or that after a vector, and coefficients before that are numbers. The bits are those of the four.
 *
 * @param correction combinations as many as {@link fitsCorrection} allows
 * @returns the index of the first NaN or infinity of `checked`, or -1
 */
export function correctInTurn({ before, checked, basis, accumulate, decisions, after }: Correction): number {
  const flat: Argument[] = [];
  flattenBasis(basis, flat);
  flat.push(decisions.length);
  for (const decision of decisions) flattenDecision(decision, flat);
  flat.push(before.length, checked);
  flattenInTurn(before, flat);
  flattenInTurn(after, flat);
  return binding.correctInTurn(decisions[0]!.rows, flagOf(accumulate), basis.length, ...flat);
}

/** A decision by itself. @param products rows × what its formula needs; not looked at where it needs none */
export function decide(products: Float64Array, decision: Decision): void {
  const flat: Argument[] = [];
  flattenDecision(decision, flat);
  binding.decide(decision.rows, products, ...flat);
}

function flattenDecision(decision: Decision, flat: Argument[]): void {
  const { formula, constants, kept, coefficients, measured } = decision;
  flat.push(formulas[formula], constants, kept, coefficients, measured);
}

/** Whether a correction with so many decisions, basis elements, combinations and terms of theirs is small enough for one call. */
export function fitsCorrection(
  decisions: number,
  elements: number,
  combinations: number,
  terms: number,
): boolean {
  const numbers = 6 + 2 * elements + 5 * decisions + 4 * combinations + 2 * terms;
  return decisions <= 2 && combinations <= 8 && numbers <= 96;
}

/**
 * Rounds the coefficients of one combination, that on x first and then those on predictions, to float32 so that their
 * sum stays; in place. native/reduced_entropy/rounding.h says why.
 * @param level where x is
 */
export function roundTogether(
  coefficients: Float64Array,
  { alpha, sigma }: { readonly alpha: number; readonly sigma: number },
): void {
  binding.roundTogether(coefficients, alpha, sigma);
}
