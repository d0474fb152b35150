import { received } from "../checks/received.js";
import { requireArgument } from "../errors.js";

/**
 * A text or NaN would go through the comparisons of a process, and come out in what the network is told.
 * @throws QuenchError INVALID_ARGUMENT naming the option that is no finite number above 0
 */
export function requireNumbers(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options))
    requireArgument(
      typeof value === "number" && value > 0 && value < Infinity,
      `process.${name}`,
      () => `expected a finite number above 0, received ${received(value)}`,
    );
}
