import { requireArgument } from "../errors.js";
import { received } from "./received.js";

/**
 * For options that a program may leave out: what is no function would be called only when the work is under way.
 * @throws QuenchError INVALID_ARGUMENT
 */
export function requireFunction(value: unknown, where: string): void {
  requireArgument(
    value === undefined || typeof value === "function",
    where,
    () => `expected a function, received ${received(value)}`,
  );
}
