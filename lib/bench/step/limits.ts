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
 * Measures loops that do as little as can be done to memory, on as many vectors as a solver works on, in turn, so that they
 * lie as deep in the caches as its own: for what reads K vectors and writes, a loop that reads as many and writes one, with an
 * exclusive or for arithmetic, to a vector apart, and in proportion where more are written; for what only reads, one that
 * only reads.
 */
export function limitMeter(
  vectors: readonly Vector[],
  needed: readonly Streams[],
  noisy: boolean,
): () => Limits {
  const inTurn = (i: number) => vectors[i % vectors.length]!;
  const [seeds, samples] = [BigUint64Array.of(1n), BigUint64Array.of(0n)];
  const loops = new Map(needed.map((streams) => [nameOf(streams), loopFor(streams)]));
  return () => {
    const times = new Map(
      [...loops].map(([name, [loop, inputs]]) => [
        name,
        timed(2 * vectors.length, (i) => {
          const from = Array.from({ length: inputs }, (_, k) => inTurn(i + 1 + k));
          memoryLimit(loop, inTurn(i), from);
        }),
      ]),
    );
    const noise = noisy ? timed(3, (i) => normals(inTurn(i), seeds, samples, 0)) : 0;
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
  return `${loop} ${inputs}`;
}

/** With more vectors than a loop has, in proportion; with none read, a share of a copy's. */
function loopFor(streams: Streams): [loop: MemoryLoop, inputs: number] {
  return [streams.writes ? "store" : "read", limitInputs(streams)];
}

/** Inputs of the loop that an operation is held against. */
export function limitInputs({ reads }: Streams): number {
  return Math.min(most, Math.max(1, reads));
}

/** The median time of some repetitions. */
function timed(repeats: number, work: (i: number) => void): number {
  return median(
    Array.from({ length: repeats }, (_, i) => {
      const begun = performance.now();
      work(i);
      return performance.now() - begun;
    }),
  );
}
