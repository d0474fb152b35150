// Random vectors with a recorded seed, float32 arithmetic, and comparison bit by bit.

import { createHash } from "node:crypto";
import {
  nativeInfo,
  setInstructionSet,
  setStreamingBytes,
  setThreads,
  type Vector,
} from "../../lib/native/index.js";

export type Dtype = "float32" | "float64";

export function zeros(dtype: Dtype, length: number): Vector {
  return dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
}

/** Values in (-2, 2) by Marsaglia's xorshift32; `shift` elements off the allocation's own alignment. */
export function randomVector(dtype: Dtype, length: number, seed: number, shift = 0): Vector {
  const vector = zeros(dtype, length + shift).subarray(shift);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    vector[i] = (state | 0) / 2 ** 30;
  }
  return vector;
}

/** Rounds to the dtype's precision, as each operation of the kernels does. */
export function rounding(dtype: Dtype): (value: number) => number {
  return dtype === "float32" ? Math.fround : (value) => value;
}

export function bits(...arrays: ArrayBufferView[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return hash.digest("hex");
}

/** Runs `body` with every instruction set this machine has and every number of threads, then restores the settings. */
export function underEverySetting(body: (setting: string) => void): void {
  const { threads, streamingBytes, instructionSets } = nativeInfo();
  try {
    for (const set of instructionSets) {
      for (const count of [1, 2, 3, 7]) {
        setInstructionSet(set);
        setThreads(count);
        body(`${set}, ${count} threads`);
      }
    }
  } finally {
    setInstructionSet("auto");
    setThreads(threads);
    setStreamingBytes(streamingBytes);
  }
}
