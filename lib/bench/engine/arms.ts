import type { Denoiser } from "../../denoiser/index.js";
import { type Engine, type SampleRequest, type SpawnedEngine, sample } from "../../engine/index.js";
import { Durations, type Percentiles } from "../../engine/statistics.js";
import type { Workload } from "./workload.js";

export interface Measurement {
  readonly seconds: number;
  readonly samplesPerSecond: number;
  readonly modelRowsPerSecond: number;
  /** From a request's arrival to its answer, in milliseconds. */
  readonly latency?: Percentiles;
  readonly batchFill?: number;
}

interface Sequential extends Measurement {
  /** Milliseconds that each request took by itself. */
  readonly service: readonly number[];
}

/** (a) One request after another, as they came. */
export async function oneAfterAnother(
  denoiser: Denoiser,
  { requests, samples }: Workload,
): Promise<Sequential> {
  const latency = new Durations();
  const service: number[] = [];
  let rows = 0;
  const begun = performance.now();
  for (const request of requests) {
    const started = performance.now();
    rows += (await sample(denoiser, request)).nfe * request.count!;
    service.push(performance.now() - started);
    latency.record(performance.now() - begun);
  }
  return { ...speeds(performance.now() - begun, samples, rows), latency: latency.percentiles, service };
}

/** The latencies that requests served one after another would have had with these arrivals: Lindley's recursion. */
export function latencyOfOneServer(service: readonly number[], arrivals: readonly number[]): Percentiles {
  const latency = new Durations();
  let free = 0;
  for (const [i, milliseconds] of service.entries()) {
    free = Math.max(free, arrivals[i]!) + milliseconds;
    latency.record(free - arrivals[i]!);
  }
  return latency.percentiles;
}

/**
 * (b) All requests through an engine.
 * @param arrivals milliseconds from the start, one per request; all at once where not given
 */
export async function throughEngine(
  engine: Engine | SpawnedEngine,
  { requests, samples }: Workload,
  arrivals?: readonly number[],
): Promise<Measurement> {
  const latency = new Durations();
  const before = engine.stats();
  let rows = 0;
  const begun = performance.now();
  await Promise.all(
    requests.map(async (request, i) => {
      const due = begun + (arrivals?.[i] ?? 0);
      if (arrivals) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      const { nfe } = await engine.sample(request);
      rows += nfe * request.count!;
      latency.record(performance.now() - due);
    }),
  );
  const after = engine.stats();
  const calls = after.modelCalls - before.modelCalls;
  return {
    ...speeds(performance.now() - begun, samples, rows),
    latency: latency.percentiles,
    batchFill: calls === 0 ? 0 : (after.modelRows - before.modelRows) / (calls * engine.maxBatch),
  };
}

/** (c) As many model rows in full static batches, all of one length: what no engine can beat. */
export async function fullStaticBatches(
  denoiser: Denoiser,
  workload: Workload,
  rows: number,
  maxBatch: number,
): Promise<Measurement> {
  const steps = 15;
  const request: SampleRequest = { count: maxBatch, steps, labels: 0, solver: "dpm-solver++-2m" };
  const batches = Math.max(1, Math.round(rows / (maxBatch * steps)));
  const begun = performance.now();
  for (let i = 0; i < batches; i++) await sample(denoiser, { ...request, seed: i });
  const perRow = (performance.now() - begun) / (batches * maxBatch * steps);
  return speeds(perRow * rows, workload.samples, rows);
}

function speeds(milliseconds: number, samples: number, rows: number) {
  const seconds = milliseconds / 1000;
  return { seconds, samplesPerSecond: samples / seconds, modelRowsPerSecond: rows / seconds };
}
