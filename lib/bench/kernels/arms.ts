import {
  absoluteQuantile,
  alignedVector,
  type BasisElement,
  combine,
  gram,
  type MemoryLoop,
  memoryLimit,
  normals,
  type Term,
  type Vector,
} from "../../native/index.js";
import type { Arm } from "./interleaved.js";

export type Dtype = "float32" | "float64";
export type Kernel = "combine" | "gram" | "gram, blocked" | "normals" | "quantile";

/** A kernel or a loop that does as little as there is, with what it must move. */
export interface MeasuredArm extends Arm {
  readonly what: Kernel | MemoryLoop;
  /** Vectors of which every byte is read or written once. */
  readonly streams: number;
}

/** Vectors of one length: an output and K inputs of normals. */
export interface Vectors {
  readonly dtype: Dtype;
  readonly elements: number;
  readonly out: Vector;
  readonly inputs: readonly Vector[];
}

const rows = 16;
const seeds = BigUint64Array.from({ length: rows }, (_, row) => BigInt(row));

/** K inputs and an output that take `bytes` bytes together. */
export function vectorsOf(dtype: Dtype, inputs: number, bytes: number): Vectors {
  const width = dtype === "float32" ? 4 : 8;
  const elements = Math.max(rows * 16, Math.floor(bytes / (inputs + 1) / width / 4096) * 4096);
  const drawn = Array.from({ length: inputs }, (_, k) => {
    const vector = alignedVector(dtype, elements);
    normals(vector, seeds, seeds, k);
    return vector;
  });
  return { dtype, elements, out: alignedVector(dtype, elements), inputs: drawn };
}

/** Everything that is measured with so many inputs, the memory limits included. */
export function armsFor({ out, inputs }: Vectors): MeasuredArm[] {
  const count = inputs.length;
  const loop = (what: MemoryLoop, streams: number, from = inputs): MeasuredArm => ({
    what,
    name: what,
    streams,
    run: () => memoryLimit(what, out, from),
  });
  const kernel = (what: Kernel, streams: number, run: () => void): MeasuredArm => ({
    what,
    name: what,
    streams,
    run,
  });
  const limits = [loop("read", count), loop("store", count + 1), loop("stream", count + 1)];
  if (count === 1) {
    const quantiles = new Float64Array(rows);
    return [
      ...limits,
      loop("copy", 2),
      kernel("normals", 1, () => normals(out, seeds, seeds, 0)),
      kernel("quantile", 1, () => absoluteQuantile(quantiles, inputs[0]!, 0.995, rows)),
    ];
  }
  const terms = inputs.map<Term>((vector, k) => [0.7 - k / 4, vector]);
  const arms = [...limits, kernel("combine", count + 1, () => combine(out, terms))];
  const pair = inputs.slice(0, 2);
  arms.push(loop("triad", 3, pair), loop("streamedTriad", 3, pair), loop("wideStreamedTriad", 3, pair));
  if (count > 4) return arms;
  const sums = new Float64Array((count * (count + 1)) / 2);
  const basis: BasisElement[] = [...inputs];
  arms.push(kernel("gram", count, () => gram(sums, basis)));
  if (out instanceof Float32Array)
    arms.push(kernel("gram, blocked", count, () => gram(sums, basis, 1, "blocked")));
  return arms;
}
