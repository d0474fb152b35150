// What the host's kernels refuse by themselves, for what does without them.
import type { Accumulate, Dtype } from "./backend.js";
import type { CudaMemory } from "./cuda-binding.js";

/** Elements [first, first + length) of a card's memory. */
interface Stretch {
  readonly memory: CudaMemory;
  readonly first: number;
  readonly length: number;
}

export function requireLength({ length }: { readonly length: number }, expected: number): void {
  if (length !== expected) throw new RangeError(`Expected ${expected} numbers, received ${length}`);
}

/** An output may be an input, and may not share part of one: threads would read what others have written. */
export function requireSameOrApart(out: Stretch, input: Stretch): void {
  const apart =
    out.memory !== input.memory ||
    out.first === input.first ||
    out.first + out.length <= input.first ||
    input.first + input.length <= out.first;
  if (!apart) throw new RangeError("Expected an output that is an input or shares no memory with it");
}

export function requireRange(low: number, high: number): void {
  if (!(low <= high)) throw new RangeError("Expected low <= high, neither NaN");
}

export function requireLimits(limits: Float64Array, dtype: Dtype): void {
  for (const limit of limits) {
    const rounded = dtype === "float32" ? Math.fround(limit) : limit;
    if (!(rounded > 0 && rounded < Infinity)) throw new RangeError("Expected positive finite limits");
  }
}

export function requireAccumulate(accumulate: Accumulate): void {
  if (accumulate !== "float64" && accumulate !== "blocked")
    throw new RangeError(
      `Expected "float64" or "blocked" for accumulate but received ${JSON.stringify(accumulate)}`,
    );
}
