import { binding } from "./binding.js";
import type { Vector } from "./combine.js";

/** Loops that do as little as can be done to memory: what the kernels are held against (native/limits/limits.h). */
export const memoryLoops = [
  "copy",
  "read",
  "store",
  "stream",
  "triad",
  "streamedTriad",
  "wideStreamedTriad",
] as const;
export type MemoryLoop = (typeof memoryLoops)[number];

/**
 * Runs a loop over 1 to 6 inputs as long as `out`, which begins on a cache line and holds nothing of use afterwards.
 * Triads have two inputs.
 */
export function memoryLimit(loop: MemoryLoop, out: Vector, inputs: readonly Vector[]): void {
  binding.memoryLimit(memoryLoops.indexOf(loop), out, ...inputs);
}
