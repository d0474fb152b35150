import { requireArgument } from "../errors.js";
import { received } from "./received.js";

/**
 * A seed of the library's callers, as noise is keyed by it.
 * @throws QuenchError INVALID_ARGUMENT
 */
export function seedOf(seed: unknown, where = "seed"): bigint {
  const whole = typeof seed === "bigint" || Number.isSafeInteger(seed);
  const value = whole ? BigInt(seed as bigint | number) : -1n;
  requireArgument(
    value >= 0n && value < 2n ** 64n,
    where,
    () =>
      `expected an integer from 0 to 2^53 - 1, or up to 2^64 - 1 as a bigint, received ${typeof seed === "bigint" ? seed : received(seed)}`,
  );
  return value;
}
