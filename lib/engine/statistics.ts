import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** Percentiles of a duration, in milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What an engine is doing and has done. */
export interface EngineStatistics {
  /** Requests and model rows that are being sampled. */
  readonly active: { readonly requests: number; readonly rows: number };
  /** Requests and model rows that wait to begin. */
  readonly queued: { readonly requests: number; readonly rows: number };
  /** Requests since the start, each counted once. */
  readonly finished: { readonly resolved: number; readonly failed: number; readonly cancelled: number };
  readonly modelCalls: number;
  readonly modelRows: number;
  /** Mean rows per model call over the largest batch, in [0, 1]. */
  readonly batchFill: number;
  /** Duration of model calls. */
  readonly call: Percentiles;
  /** How long requests waited before they began. */
  readonly queueAge: Percentiles;
  /** Bytes of vectors that runs hold now, and the most they ever held; not known of other threads. */
  readonly vectorBytes?: number;
  readonly peakVectorBytes?: number;
}

/** Durations in milliseconds, kept as a histogram of microseconds. */
export class Durations {
  readonly #histogram: RecordableHistogram = createHistogram();

  record(milliseconds: number): void {
    this.#histogram.record(Math.max(1, Math.round(milliseconds * 1000)));
  }

  get percentiles(): Percentiles {
    const histogram = this.#histogram;
    if (histogram.count === 0) return { count: 0, mean: 0, p50: 0, p95: 0, p99: 0, max: 0 };
    const at = (p: number) => histogram.percentile(p) / 1000;
    return {
      count: histogram.count,
      mean: histogram.mean / 1000,
      p50: at(50),
      p95: at(95),
      p99: at(99),
      max: histogram.max / 1000,
    };
  }
}
