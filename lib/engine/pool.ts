import { type Backend, backendOf, type Dtype, dtypeOf, hostBackend, type Vector } from "../device/index.js";
import { QuenchError } from "../errors.js";

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

  take(dtype: Dtype, length: number, backend: Backend = hostBackend): Vector {
    const kept = this.#free.get(key(backend, dtype, length))?.pop();
    const vector = kept ?? allocated(backend, dtype, length);
    if (kept) this.#freeBytes -= kept.byteLength;
    else this.#allocations++;
    this.#usedBytes += vector.byteLength;
    this.#peakBytes = Math.max(this.#peakBytes, this.#usedBytes);
    return vector;
  }

  give(vector: Vector): void {
    this.#usedBytes -= vector.byteLength;
    if (this.#freeBytes + vector.byteLength > this.#peakBytes) this.clear();
    this.#freeBytes += vector.byteLength;
    const name = key(backendOf(vector), dtypeOf(vector), vector.length);
    const list = this.#free.get(name);
    if (list) list.push(vector);
    else this.#free.set(name, [vector]);
  }

  /** Gives up the vectors that are kept free. */
  clear(): void {
    for (const vector of [...this.#free.values()].flat()) backendOf(vector).free(vector);
    this.#free.clear();
    this.#freeBytes = 0;
  }

  get statistics(): PoolStatistics {
    return { allocations: this.#allocations, usedBytes: this.#usedBytes, peakBytes: this.#peakBytes };
  }
}

function allocated(backend: Backend, dtype: Dtype, length: number): Vector {
  try {
    return backend.allocate(dtype, length);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = `no memory for a vector of ${length} numbers (${cause.message}): draw fewer samples at once`;
    throw new QuenchError("INVALID_ARGUMENT", message, { where: "count", cause });
  }
}

function key({ device }: Backend, dtype: Dtype, length: number): string {
  return `${device}:${dtype}:${length}`;
}
