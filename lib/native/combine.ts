import { type Argument, binding } from "./binding.js";

export type Vector = Float32Array | Float64Array;

/** One value for each element of a row, shared by all rows; of the vectors' dtype. */
export interface PerElement {
  readonly perElement: Vector;
}

/** A number for all; a Float64Array with one per row; or one per element of a row. */
export type Coefficient = number | Float64Array | PerElement;

export type Term = readonly [coefficient: Coefficient, vector: Vector];

/** out = the sum of 1 to 8 terms; `rows` decides what per-row and per-element coefficients refer to. */
export interface Combination {
  readonly out: Vector;
  readonly terms: readonly Term[];
  readonly rows: number;
}

/**
 * out = c_0 v_0 + c_1 v_1 + ..., 1 to 8 terms, added left to right in the vectors' dtype without contraction;
 * coefficients are rounded to that dtype first. A coefficient of zero is multiplied like any other, so a NaN
 * in its vector shows in the output.
 *
 * `out` may be the same array as one of the vectors (same memory, same length); any other overlap is an error, as is
 * an overlap with a coefficient.
 *
 * @param rows a divisor of the length; decides what per-row and per-element coefficients refer to.
 */
export function combine(out: Vector, terms: readonly Term[], rows = 1): void {
  const flat: Argument[] = [];
  const perElementMask = flatten(terms, flat);
  binding.combine(out, rows, perElementMask, ...flat);
}

/**
 * Runs several combinations in one pass through memory, as if {@link combine} had been called for each in order. First
 * looks for a NaN or infinity in `checked`: one vector, or several stored back to back.
 *
 * @param combinations of vectors of one length and dtype, as many as {@link fitsInTurn} allows
 * @returns the index of the first NaN or infinity of `checked`, or -1; where a combination writes `checked`, one vector
 *   then, the first that still is, or one before it
 */
export function combineInTurn(combinations: readonly Combination[], checked?: Vector): number {
  const flat: Argument[] = [checked];
  flattenInTurn(combinations, flat);
  return binding.combineInTurn(...flat);
}

/** The addon's arguments for combinations. */
export function flattenInTurn(combinations: readonly Combination[], flat: Argument[]): void {
  for (const { out, terms, rows } of combinations) {
    flat.push(out, rows, 0, terms.length);
    const mask = flat.length - 2;
    flat[mask] = flatten(terms, flat);
  }
}

/** Whether so many combinations with so many terms in all are few enough for one call. */
export function fitsInTurn(combinations: number, terms: number): boolean {
  return combinations <= 8 && 1 + 4 * combinations + 2 * terms <= 96;
}

/**
 * Puts coefficients and vectors behind one another, and returns which coefficients are one per element. What the types
 * forbid is passed on as it is: the addon refuses it and says which term it was.
 */
function flatten(terms: readonly Term[], flat: Argument[]): number {
  let perElementMask = 0;
  for (let k = 0; k < terms.length; k++) {
    const coefficient = terms[k]?.[0] as number | (Float64Array & PerElement);
    const vector = terms[k]?.[1] as Vector;
    const perElement = typeof coefficient === "number" ? undefined : coefficient?.perElement;
    if (perElement !== undefined) perElementMask |= 1 << k;
    flat.push(perElement ?? coefficient, vector);
  }
  return perElementMask;
}
