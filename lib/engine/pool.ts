import type { Vector } from "../native/index.js";

export type Dtype = "float32" | "float64";

/** Keeps vectors for reuse, so that a step allocates none. `allocations` counts those that had to be made. */
export class VectorPool {
  readonly #free = new Map<string, Vector[]>();
  #allocations = 0;
  #allocatedBytes = 0;

  take(dtype: Dtype, length: number): Vector {
    const kept = this.#free.get(key(dtype, length))?.pop();
    if (kept) return kept;
    const made = dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
    this.#allocations++;
    this.#allocatedBytes += made.byteLength;
    return made;
  }

  give(vector: Vector): void {
    const name = key(dtypeOf(vector), vector.length);
    const list = this.#free.get(name);
    if (list) list.push(vector);
    else this.#free.set(name, [vector]);
  }

  /** Vectors made, and their bytes, since the pool was. */
  get statistics(): { readonly allocations: number; readonly allocatedBytes: number } {
    return { allocations: this.#allocations, allocatedBytes: this.#allocatedBytes };
  }
}

export function dtypeOf(vector: Vector): Dtype {
  return vector instanceof Float32Array ? "float32" : "float64";
}

function key(dtype: Dtype, length: number): string {
  return `${dtype}:${length}`;
}
