import type { Dtype, Vector } from "./backend.js";
import type { CudaBackend } from "./cuda.js";
import type { CudaMemory } from "./cuda-binding.js";
import { bytesOf } from "./cuda-layout.js";

/** A vector in a card's memory. */
export class CudaVector implements Vector {
  constructor(
    readonly backend: CudaBackend,
    readonly memory: CudaMemory,
    readonly dtype: Dtype,
    readonly first: number,
    readonly length: number,
  ) {}

  get byteLength(): number {
    return this.length * bytesOf(this.dtype);
  }
}
