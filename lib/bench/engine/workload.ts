import type { SampleRequest } from "../../engine/index.js";
import { normals } from "../../native/index.js";

export interface Workload {
  readonly requests: readonly SampleRequest[];
  /** Samples of all requests. */
  readonly samples: number;
  /** When each arrives, in mean intervals: exponential gaps of mean 1. */
  readonly arrivals: readonly number[];
}

const solvers = ["ddim", "dpm-solver++-2m", "unipc", "evodiff", "edm-heun"] as const;

/** Requests of 1–8 samples with 5–25 steps, mixed solvers and every class; the same for the same count. */
export function mixedWorkload(count: number): Workload {
  const uniform = uniforms(5 * count);
  const pick = (n: number, low: number, high: number) => low + Math.floor(uniform[n]! * (high - low + 1));
  const requests = Array.from({ length: count }, (_, i) => ({
    seed: i,
    count: pick(5 * i, 1, 8),
    steps: pick(5 * i + 1, 5, 25),
    solver: solvers[pick(5 * i + 2, 0, solvers.length - 1)]!,
    labels: pick(5 * i + 3, 0, 9),
  }));
  let time = 0;
  const arrivals = requests.map((_, i) => (time += -Math.log(1 - uniform[5 * i + 4]!)));
  return { requests, arrivals, samples: requests.reduce((sum, request) => sum + request.count, 0) };
}

/** Numbers in [0, 1) from the counter-based normals: the fraction of a thousandfold normal is uniform. */
function uniforms(length: number): Float64Array {
  const values = new Float64Array(length);
  normals(values, BigUint64Array.of(20_261_122n), BigUint64Array.of(0n), 0);
  return values.map((value) => (Math.abs(value) * 1000) % 1);
}
