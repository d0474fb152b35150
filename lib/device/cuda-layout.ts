// How vectors and rows of them are named to the addon.
import type { Dtype } from "./backend.js";
import type { CudaMemory } from "./cuda-binding.js";

/** Numbers in a card's memory, from a first one on. */
interface OnCard {
  readonly memory: CudaMemory;
  readonly dtype: Dtype;
  readonly first: number;
  readonly length: number;
}

export function precision({ dtype }: Pick<OnCard, "dtype">): 0 | 1 {
  return dtype === "float64" ? 1 : 0;
}

export function bytesOf(dtype: Dtype): number {
  return dtype === "float32" ? 4 : 8;
}

/** The four entries that name rows of a vector to the addon. */
export function rowsOf(vector: OnCard, size: number): [CudaMemory, number, 0 | 1, number] {
  return [vector.memory, vector.first, precision(vector), vector.length / size];
}

/** Blocks that follow one another in the call, taken together: one transfer each. */
export function runsOf(
  blocks: readonly { readonly vector: OnCard; readonly row: number }[],
  size: number,
): { readonly row: number; readonly first: number; length: number }[] {
  const runs: { row: number; first: number; length: number }[] = [];
  let first = 0;
  for (const { row, vector } of blocks) {
    const last = runs.at(-1);
    if (last && last.row * size + last.length === row * size) last.length += vector.length;
    else runs.push({ row, first, length: vector.length });
    first += vector.length;
  }
  return runs;
}
