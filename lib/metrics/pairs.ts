import { setImmediate } from "node:timers/promises";
import { innerProducts, type Vector } from "../native/index.js";

/** Rows of the first set per block. */
const block = 128;

/**
 * Inner products of all rows of `a` with all rows of `b`, in float64, a block of rows of `a` at a time, so that
 * memory does not grow with the square of the number of samples. The event loop is served between blocks.
 *
 * @param visit called in order with the first row of the block and its products, rows × (rows of b); the array is
 *   reused
 */
export async function visitProducts(
  a: Vector,
  b: Vector,
  dimension: number,
  visit: (first: number, products: Float64Array) => void,
): Promise<void> {
  const [rows, columns] = [a.length / dimension, b.length / dimension];
  const same = a instanceof Float64Array === b instanceof Float64Array;
  const [left, right] = same ? [a, b] : [Float64Array.from(a), Float64Array.from(b)];
  const buffer = new Float64Array(Math.min(block, rows) * columns);
  for (let first = 0; first < rows; first += block) {
    const count = Math.min(block, rows - first);
    const products = buffer.subarray(0, count * columns);
    innerProducts(products, left.subarray(first * dimension, (first + count) * dimension), right, dimension);
    visit(first, products);
    await setImmediate();
  }
}

/** |row|² of each row, in float64. */
export function squaredNorms(values: Vector, dimension: number): Float64Array {
  return Float64Array.from({ length: values.length / dimension }, (_, row) => {
    let sum = 0;
    for (let at = row * dimension; at < (row + 1) * dimension; at++) sum += values[at]! * values[at]!;
    return sum;
  });
}
