import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { sizeOf } from "../shape.js";
import { requireMemory } from "./memory-limit.js";
import { partOf } from "./part.js";
import type { SampleRequest } from "./request.js";
import { type Samples, sample, type Timings } from "./sample.js";

/** Samples of a whole draw, however many batches it took. */
export type Draw = Pick<Samples, "data" | "shape" | "nfe" | "times" | "timings">;

export interface DrawOptions {
  /** Most samples in one batch. */
  readonly batch: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after every step of every batch. */
  readonly onStep?: (() => void) | undefined;
}

/**
 * Draws any number of samples in batches of bounded memory. Noise is keyed by (seed, sample), so the size of the
 * batches does not change it.
 */
export async function draw(
  denoiser: Denoiser,
  request: SampleRequest & { readonly count: number },
  { batch, signal, onStep }: DrawOptions,
): Promise<Draw> {
  const { count, dtype = "float32" } = request;
  requireMemory(denoiser.shape, count, dtype);
  const size = sizeOf(denoiser.shape);
  const data = new (dtype === "float64" ? Float64Array : Float32Array)(count * size);
  const timings = { total: 0, model: 0, transfer: 0, noise: 0, solver: 0 };
  let last: Samples | undefined;
  let nfe = 0;
  for (let first = 0; first < count; first += batch) {
    last = await sample(denoiser, {
      ...partOf(request, first, Math.min(count, first + batch)),
      ...defined({ signal, onStep }),
    });
    data.set(last.data, first * size);
    add(timings, last.timings);
    nfe = Math.max(nfe, last.nfe);
  }
  return { data, shape: [count, ...denoiser.shape], nfe, times: last!.times, timings };
}

function add(sum: { -readonly [K in keyof Timings]: Timings[K] }, more: Timings): void {
  for (const key of Object.keys(sum) as (keyof Timings)[]) sum[key] += more[key];
}
