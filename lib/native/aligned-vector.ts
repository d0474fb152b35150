import { binding } from "./binding.js";
import type { Vector } from "./combine.js";

const cacheLine = 64;

/**
 * Zeros that begin on a cache line, as nothing that is registers wide may straddle two for the kernels to be at their
 * fastest. Its buffer is larger than it and begins before it.
 */
export function alignedVector(dtype: "float32" | "float64", length: number): Vector {
  const ArrayType = dtype === "float32" ? Float32Array : Float64Array;
  const buffer = new ArrayBuffer(length * ArrayType.BYTES_PER_ELEMENT + cacheLine);
  return new ArrayType(buffer, binding.alignment(buffer), length);
}
