import { type ErrorCode, QuenchError } from "../errors.js";

/**
 * NaN or infinity in what a caller brings would come back from the model, and be blamed on it.
 * @param size numbers in a row
 * @param first number of the first row, for the message
 * @throws QuenchError naming the row and the element in it
 */
export function requireFinite(
  values: ArrayLike<number>,
  where: string,
  { size = values.length, first = 0, code = "INVALID_ARGUMENT" as ErrorCode } = {},
): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const row = first + Math.floor(i / size);
    throw new QuenchError(
      code,
      `expected finite numbers, received ${values[i]} in row ${row}, element ${i % size}`,
      { where },
    );
  }
}
