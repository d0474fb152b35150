import type { Vector } from "../native/index.js";

export type Dtype = "float32" | "float64";

/** Counts of a pool since it was made. */
export interface PoolStatistics {
  /** Vectors that had to be made because none was free. */
  readonly allocations: number;
  /** Bytes of vectors handed out now, and the most there ever were. */
  readonly usedBytes: number;
  readonly peakBytes: number;
}

/**
 * Keeps vectors for reuse, so that a step allocates none. No more is kept free than was ever in use at once, so
 * a pool holds at most twice its peak whatever lengths requests ask for.
 */
export class VectorPool {
  readonly #free = new Map<string, Vector[]>();
  #freeBytes = 0;
  #allocations = 0;
  #usedBytes = 0;
  #peakBytes = 0;

  take(dtype: Dtype, length: number): Vector {
    const kept = this.#free.get(key(dtype, length))?.pop();
    const vector = kept ?? (dtype === "float32" ? new Float32Array(length) : new Float64Array(length));
    if (kept) this.#freeBytes -= kept.byteLength;
    else this.#allocations++;
    this.#usedBytes += vector.byteLength;
    this.#peakBytes = Math.max(this.#peakBytes, this.#usedBytes);
    return vector;
  }

  give(vector: Vector): void {
    this.#usedBytes -= vector.byteLength;
    if (this.#freeBytes + vector.byteLength > this.#peakBytes) this.#free.clear();
    if (this.#free.size === 0) this.#freeBytes = 0;
    this.#freeBytes += vector.byteLength;
    const name = key(dtypeOf(vector), vector.length);
    const list = this.#free.get(name);
    if (list) list.push(vector);
    else this.#free.set(name, [vector]);
  }

  get statistics(): PoolStatistics {
    return { allocations: this.#allocations, usedBytes: this.#usedBytes, peakBytes: this.#peakBytes };
  }
}

export function dtypeOf(vector: Vector): Dtype {
  return vector instanceof Float32Array ? "float32" : "float64";
}

function key(dtype: Dtype, length: number): string {
  return `${dtype}:${length}`;
}
