import { type ErrorCode, QuenchError } from "../errors.js";
import { received } from "./received.js";

/**
 * NaN or infinity in what a caller brings would come back from the model, and be blamed on it.
 * @param size numbers in a row
 * @param first number of the first row, for the message
 * @param what was expected, for the message
 * @throws QuenchError naming the row and the element in it
 */
export function requireFinite(
  values: ArrayLike<number>,
  where: string,
  { size = values.length, first = 0, code = "INVALID_ARGUMENT" as ErrorCode, what = "finite numbers" } = {},
): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const row = first + Math.floor(i / size);
    const found = typeof values[i] === "number" ? values[i] : received(values[i]);
    throw new QuenchError(code, `expected ${what}, received ${found} in row ${row}, element ${i % size}`, {
      where,
    });
  }
}
