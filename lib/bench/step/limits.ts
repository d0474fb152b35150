import type { Streams } from "../../engine/index.js";
import { type MemoryLoop, memoryLimit, normals, type Vector } from "../../native/index.js";
import { median } from "../spread.js";

/** What this machine can do with vectors of one length, measured just now, in milliseconds. */
export interface Limits {
  /** For operations that go through memory as these do. */
  operations(streams: readonly Streams[]): number;
  /** For a vector of standard normals; 0 where none are needed. */
  readonly noise: number;
}

/** Most inputs of a loop in native/limits. */
const most = 6;

/**
 * Measures loops that do as little as can be done to memory, on as many vectors as a solver works on, in turn, so that
 * they lie as deep in the caches as its own: for what reads K vectors and writes, a loop that reads as many and writes
 * one, with an exclusive or for arithmetic, to a vector apart, and in proportion where more are written; for what only
 * reads, one that only reads. What looks at rows a second time is held against such loops over as many parts of vectors
 * as there are rows, the first part of each again and again, less what the calls cost.
 */
export function limitMeter(
  vectors: readonly Vector[],
  needed: readonly Streams[],
  noisy: boolean,
): () => Limits {
  const inTurn = (i: number, length = vectors[0]!.length) => {
    const vector = vectors[i % vectors.length]!;
    return length === vector.length ? vector : vector.subarray(0, length);
  };
  const [seeds, samples] = [BigUint64Array.of(1n), BigUint64Array.of(0n)];
  const loops = new Map(needed.map((streams) => [nameOf(streams), streams]));
  const timedOver = (length: number, [loop, inputs]: ReturnType<typeof loopFor>) =>
    timed(2 * vectors.length, (i) => {
      const from = Array.from({ length: inputs }, (_, k) => inTurn(i + 1 + k, length));
      return () => memoryLimit(loop, inTurn(i, length), from);
    });
  return () => {
    const times = new Map(
      [...loops].map(([name, { rows = 1, ...streams }]) => {
        const whole = vectors[0]!.length;
        if (rows === 1) return [name, timedOver(whole, loopFor(streams))];
        // The first part of every vector in turn: few enough to lie where a row does.
        const part = timedOver(Math.ceil(whole / rows), loopFor(streams)) - timedOver(16, loopFor(streams));
        return [name, rows * Math.max(0, part)];
      }),
    );
    const noise = noisy ? timed(3, (i) => () => normals(inTurn(i), seeds, samples, 0)) : 0;
    return {
      noise,
      operations: (streams) =>
        streams.reduce((sum, each) => {
          const [, inputs] = loopFor(each);
          const share = (each.reads + each.writes) / (inputs + Math.min(1, each.writes));
          return sum + share * times.get(nameOf(each))!;
        }, 0),
    };
  };
}

function nameOf(streams: Streams): string {
  const [loop, inputs] = loopFor(streams);
  return `${loop} ${inputs} ${streams.rows ?? 1}`;
}

/** With more vectors than a loop has, in proportion; with none read, a share of a copy's. */
function loopFor(streams: Streams): [loop: MemoryLoop, inputs: number] {
  return [streams.writes ? "store" : "read", limitInputs(streams)];
}

/** Inputs of the loop that an operation is held against. */
export function limitInputs({ reads }: Streams): number {
  return Math.min(most, Math.max(1, reads));
}

/** The median time of some repetitions. @param prepare gives what is timed */
function timed(repeats: number, prepare: (i: number) => () => void): number {
  return median(
    Array.from({ length: repeats }, (_, i) => {
      const work = prepare(i);
      const begun = performance.now();
      work();
      return performance.now() - begun;
    }),
  );
}
