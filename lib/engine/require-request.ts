import { isObject, received } from "../checks/received.js";
import { requireFunction } from "../checks/require-function.js";
import { requireArgument } from "../errors.js";
import type { SampleRequest } from "./request.js";

/**
 * What no schema looks at, because only a program can pass it.
 * @throws QuenchError INVALID_ARGUMENT naming the member
 */
export function requireRequest(value: unknown): asserts value is SampleRequest {
  requireArgument(isObject(value), "request", () => `expected an object, received ${received(value)}`);
  const { signal, onStep, noise, initial } = value;
  requireSignal(signal);
  requireFunction(onStep, "onStep");
  requireArgument(
    noise === undefined ||
      (isObject(noise) && typeof noise.fill === "function" && !ArrayBuffer.isView(noise)),
    "noise",
    () =>
      `expected { fill(into, draw) }, or what recordedNoise() makes of arrays, received ${received(noise)}`,
  );
  requireArgument(
    initial === undefined || ArrayBuffer.isView(initial) || Array.isArray(initial),
    "initial",
    () => `expected an array of numbers, received ${received(initial)}`,
  );
}

export function requireSignal(signal: unknown): asserts signal is AbortSignal | undefined {
  requireArgument(
    signal === undefined ||
      (isObject(signal) &&
        typeof signal.aborted === "boolean" &&
        typeof signal.addEventListener === "function"),
    "signal",
    () => `expected an AbortSignal, received ${received(signal)}`,
  );
}
