import { type Argument, binding } from "./binding.js";
import type { Vector } from "./combine.js";

export type BasisElement = Vector | readonly [minuend: Vector, subtrahend: Vector];

export type Accumulate = "float64" | "blocked";

/**
 * All inner products of 1 to 6 basis elements, per row the upper triangle row by row: `out` has
 * `rows * K (K + 1) / 2` entries. A pair [a, b] stands for a - b, formed on the fly.
 *
 * "float64" forms differences, products and sums in float64. "blocked", for Float32Array only and faster, forms
 * differences, products and sums of up to 16 products in float32 and the rest of the sum in float64: an error of
 * about 1e-8 of |a| |b|.
 */
export function gram(
  out: Float64Array,
  basis: readonly BasisElement[],
  rows = 1,
  accumulate: Accumulate = "float64",
): void {
  const flat: Argument[] = [];
  flattenBasis(basis, flat);
  binding.gram(out, rows, flagOf(accumulate), ...flat);
}

export function flagOf(accumulate: Accumulate): 0 | 1 {
  if (accumulate === "float64" || accumulate === "blocked") return accumulate === "blocked" ? 1 : 0;
  const message = `Expected "float64" or "blocked" for accumulate but received ${JSON.stringify(accumulate)}`;
  throw Object.assign(new RangeError(message), { code: "QUENCH_ARGUMENT_RANGE" });
}

export function flattenBasis(basis: readonly BasisElement[], flat: Argument[]): void {
  for (const element of basis) {
    if (Array.isArray(element)) {
      // null is refused where undefined would stand for a plain vector.
      flat.push(element[0], element[1] ?? null);
    } else {
      flat.push(element as Vector, undefined);
    }
  }
}
