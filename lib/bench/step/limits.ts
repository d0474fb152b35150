import { memoryLimit, normals, type Vector } from "../../native/index.js";
import { median } from "../spread.js";

/** What this machine can do with vectors of one length, measured just now. */
export interface Limits {
  /** Bytes read and written per millisecond. */
  readonly bandwidth: number;
  /** Milliseconds for a vector of standard normals. */
  readonly noise: number;
}

/**
 * Measures copies among as many vectors as a solver works on, so that they lie as deep in the caches as its own: by the
 * C library's memcpy and by a plain loop of loads and stores, whichever is faster.
 */
export function limitMeter(vectors: readonly Vector[]): (noisy: boolean) => Limits {
  const count = vectors.length;
  const [to, from] = [(i: number) => vectors[(i + 1) % count]!, (i: number) => vectors[i % count]!];
  const [seeds, samples] = [BigUint64Array.of(1n), BigUint64Array.of(0n)];
  return (noisy) => {
    const copies = [
      timed(2 * count, (i) => memoryLimit("copy", to(i), [from(i)])),
      timed(2 * count, (i) => memoryLimit("store", to(i), [from(i)])),
    ];
    return {
      bandwidth: (2 * vectors[0]!.byteLength) / Math.min(...copies),
      noise: noisy ? timed(3, (i) => normals(to(i), seeds, samples, 0)) : 0,
    };
  };
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
