import { received } from "../checks/received.js";
import { requireArgument } from "../errors.js";
import { sizeOf } from "../shape.js";

/**
 * The shape of an array to be written, which may have no numbers at all.
 * @param length of its data
 * @throws QuenchError INVALID_ARGUMENT
 */
export function requireShape(
  shape: unknown,
  where: string,
  length: number,
): asserts shape is readonly number[] {
  requireArgument(
    Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0),
    where,
    () =>
      `expected integers from 0, received ${Array.isArray(shape) ? `[${shape.join(", ")}]` : received(shape)}`,
  );
  const expected = sizeOf(shape);
  requireArgument(
    length === expected,
    where,
    () => `[${shape.join(", ")}] needs ${expected} numbers, received ${length}`,
  );
}
