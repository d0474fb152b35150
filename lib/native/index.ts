/**
 * The native kernels: everything in Quench that moves vectors through memory.
 *
 * Vectors are `rows * size` elements, row-major, all of a call's vectors of one dtype and length. All functions are
 * synchronous, write into arrays of the caller and allocate nothing once warm, but for those whose result is a promise:
 * these copy their arguments and run on a thread of their own.
 *
 * The same arguments give the same bits on every processor, instruction set and number of threads. Not part of that are
 * the sign and payload of a NaN, and what the C library computes, which chooses instructions by the processor:
 * PyTorch's normals and schedule objectives with an exponent other than 1 and 2, whose last bits may differ.
 *
 * Misuse is thrown before anything is written: `TypeError` with code `QUENCH_ARGUMENT_TYPE`, `RangeError` with code
 * `QUENCH_ARGUMENT_RANGE`, and `RangeError` with code `QUENCH_OVERLAP` where arrays share memory and may not. Importing
 * this throws `QuenchError` NATIVE where the addon can be found or loaded nowhere.
 */

import { binding } from "./binding.js";
import type { Vector } from "./combine.js";

export { alignedVector } from "./aligned-vector.js";
export {
  type Coefficient,
  type Combination,
  combine,
  combineInTurn,
  fitsInTurn,
  type PerElement,
  type Term,
  type Vector,
} from "./combine.js";
export {
  type Correction,
  correctInTurn,
  type Decision,
  decide,
  type Formula,
  fitsCorrection,
  roundTogether,
} from "./correct.js";
export { type Accumulate, type BasisElement, gram } from "./gram.js";
export { type MemoryLoop, memoryLimit, memoryLoops } from "./memory-limit.js";
export {
  type BeamOptions,
  type ScheduleMethod,
  type SchedulePath,
  type ScheduleProblem,
  scheduleSearchBytes,
  searchSchedule,
  searchScheduleNow,
} from "./schedule-search.js";
export { addMoments, distancesWithout, innerProducts, momentsBlock, rootTrace } from "./statistics.js";

export type InstructionSet = "baseline" | "avx2" | "avx512";

export interface NativeInfo {
  /** What this build and this processor have, slowest first. */
  readonly instructionSets: InstructionSet[];
  readonly instructionSet: InstructionSet;
  readonly threads: number;
  /** Outputs of at least this many bytes are written past the caches. */
  readonly streamingBytes: number;
  readonly compiler: string;
  readonly version: string;
}

export interface CallCounts {
  readonly combine: number;
  readonly gram: number;
  readonly normals: number;
  readonly torchNormals: number;
  readonly clamp: number;
  readonly absoluteQuantile: number;
  readonly threshold: number;
  readonly scaledErrors: number;
  readonly firstNonFinite: number;
  readonly halfToFloat: number;
  readonly floatToHalf: number;
}

/**
 * Standard normals by Philox4x32-10 and Box-Muller. Row r of `out` (seeds.length rows) holds the elements
 * elementOffset, elementOffset + 1, ... of the sequence (seeds[r], stream, samples[r]), so any part can be computed
 * alone. float32 and float64 see the same noise up to about 1e-6. The largest magnitude is 6.76.
 *
 * @param samples below 2^32.
 * @param stream an integer from 0 to 2^32 - 1.
 * @param elementOffset a safe integer of at least 0.
 */
export function normals(
  out: Vector,
  seeds: BigUint64Array,
  samples: BigUint64Array,
  stream: number,
  elementOffset = 0,
): void {
  binding.normals(out, seeds, samples, stream, elementOffset);
}

/** 32-bit words of one generator's state: the Mersenne Twister's 624, its position, and a kept float64 normal. */
const torchGeneratorWords = 628;

/**
 * States of PyTorch CPU generators, one per seed: torch.Generator().manual_seed(seed). PyTorch reads the lower 32
 * bits of a seed only.
 */
export function torchGenerators(seeds: BigUint64Array): Uint32Array {
  const generators = new Uint32Array(torchGeneratorWords * seeds.length);
  binding.seedTorchGenerators(generators, seeds);
  return generators;
}

/**
 * The next float32 normals of PyTorch CPU generators, bit for bit: row r of `out` is torch.randn(size,
 * generator=generators[r]) as x86-64 builds compute it. Advances the generators.
 */
export function torchNormals(out: Float32Array, generators: Uint32Array): void {
  binding.torchNormals(out, generators);
}

/** out = input limited to [low, high], low <= high. NaN stays NaN. `out` may be `input`. */
export function clamp(out: Vector, input: Vector, low: number, high: number): void {
  binding.clamp(out, input, low, high);
}

/**
 * out[r] = the q-quantile (0 <= q <= 1) of |v| in row r, interpolated linearly in float64 as torch.quantile and
 * numpy's "linear" do; NaN where a row holds one. `out` has `rows` entries.
 */
export function absoluteQuantile(out: Float64Array, v: Vector, q: number, rows: number): void {
  binding.absoluteQuantile(out, v, q, rows);
}

/**
 * Dynamic thresholding: row r becomes clamp(input, -limits[r], limits[r]) / limits[r], limits rounded to the vectors'
 * dtype, positive and finite. NaN stays NaN. `out` may be `input`.
 */
export function threshold(out: Vector, input: Vector, limits: Float64Array): void {
  binding.threshold(out, input, limits);
}

/** What an element may be wrong by: max(absolute, relative max(|lower|, |before|)); absolute > 0, relative >= 0. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/**
 * out[r] = the root mean square over row r of (higher - lower) / tolerance, in float64; NaN where a difference is.
 * `out` has one entry per row.
 */
export function scaledErrors(
  out: Float64Array,
  higher: Vector,
  lower: Vector,
  before: Vector,
  { absolute, relative }: Tolerance,
): void {
  binding.scaledErrors(out, higher, lower, before, absolute, relative);
}

/** The index of the first NaN or infinity, or -1. */
export function firstNonFinite(v: Vector): number {
  return binding.firstNonFinite(v);
}

/** IEEE binary16, as its bits, to float32: exact. */
export function halfToFloat(out: Float32Array, input: Uint16Array): void {
  binding.halfToFloat(out, input);
}

/** float32 to IEEE binary16, as its bits: to nearest, ties to even, beyond 65519 to infinity. */
export function floatToHalf(out: Uint16Array, input: Float32Array): void {
  binding.floatToHalf(out, input);
}

/** Threads used for large inputs in this environment, the calling one included: 1 to 256. */
export function setThreads(n: number): void {
  binding.setThreads(n);
}

/** Forces an instruction set in this environment; results do not change. RangeError where it is not to be had. */
export function setInstructionSet(name: InstructionSet | "auto"): void {
  binding.setInstructionSet(name);
}

/** Outputs of at least so many bytes are written past the caches; the size of the last-level cache by default. */
export function setStreamingBytes(bytes: number): void {
  binding.setStreamingBytes(bytes);
}

/** What was loaded and how it is set. */
export function nativeInfo(): NativeInfo {
  return binding.info() as NativeInfo;
}

/** Calls that passed their checks, in this environment since it began or since resetCallCounts(). */
export function callCounts(): CallCounts {
  return binding.callCounts() as unknown as CallCounts;
}

export function resetCallCounts(): void {
  binding.resetCallCounts();
}
