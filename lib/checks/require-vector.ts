import { requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import { received } from "./received.js";

/** @throws QuenchError INVALID_ARGUMENT */
export function requireVector(values: unknown, where: string): asserts values is Vector {
  requireArgument(
    values instanceof Float32Array || values instanceof Float64Array,
    where,
    () => `expected a Float32Array or a Float64Array, received ${received(values)}`,
  );
}
