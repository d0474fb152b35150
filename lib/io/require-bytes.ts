import { received } from "../checks/received.js";
import { requireArgument } from "../errors.js";

/** @throws QuenchError INVALID_ARGUMENT for what are no bytes to decode */
export function requireBytes(bytes: unknown): asserts bytes is Uint8Array {
  requireArgument(
    bytes instanceof Uint8Array,
    "bytes",
    () => `expected a Buffer or another Uint8Array, received ${received(bytes)}`,
  );
}
