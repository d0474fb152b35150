import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { QuenchError, requestErrors } from "../errors.js";

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
  /**
   * Requests since the start, each counted once: `refused` are bad ones, and those that came to a full queue or a
   * closed engine, `cancelled` those whose caller, deadline or `close` ended them; `failed` is all that is not theirs
   * to mend.
   */
  readonly finished: {
    readonly resolved: number;
    readonly failed: number;
    readonly cancelled: number;
    readonly refused: number;
  };
  readonly modelCalls: number;
  readonly modelRows: number;
  /** Mean rows per model call over the largest batch, in [0, 1]. */
  readonly batchFill: number;
  /** Duration of model calls. */
  readonly call: Percentiles;
  /** Duration of ticks: gathering rows, the model call, and scattering what it emitted. */
  readonly tick: Percentiles;
  /** How long requests waited before they began. */
  readonly queueAge: Percentiles;
  /** Bytes of vectors that runs hold now, and the most they ever held; over all workers, as last reported. */
  readonly vectorBytes: number;
  readonly peakVectorBytes: number;
  /**
   * Of a spawned engine: workers that take requests now, and since the start how often one `died` and how often one
   * `hung` in a model call for longer than `callTimeout`.
   */
  readonly workers?: { readonly up: number; readonly died: number; readonly hung: number };
}

/** One model call with what went before and after it. */
export interface Tick {
  readonly rows: number;
  /** Milliseconds of the model call alone, and of the whole tick. */
  readonly call: number;
  readonly total: number;
}

/** Durations in milliseconds, kept as a histogram of microseconds. */
export class Durations {
  readonly #histogram: RecordableHistogram = createHistogram();

  record(milliseconds: number): void {
    this.#histogram.record(Math.max(1, Math.round(milliseconds * 1000)));
  }

  get mean(): number {
    return this.#histogram.count === 0 ? 0 : this.#histogram.mean / 1000;
  }

  get percentiles(): Percentiles {
    const histogram = this.#histogram;
    if (histogram.count === 0) return { count: 0, mean: 0, p50: 0, p95: 0, p99: 0, max: 0 };
    const at = (p: number) => histogram.percentile(p) / 1000;
    return {
      count: histogram.count,
      mean: this.mean,
      p50: at(50),
      p95: at(95),
      p99: at(99),
      max: histogram.max / 1000,
    };
  }
}

export type Outcome = keyof EngineStatistics["finished"];

/** How a request ended that was rejected with this error. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof QuenchError)) return "failed";
  const { code } = error;
  if (code === "ABORTED" || code === "DEADLINE_EXCEEDED" || code === "ENGINE_CLOSED") return "cancelled";
  return requestErrors.has(code) ? "refused" : "failed";
}

/** Counts and durations of an engine, inline or spawned. */
export class Recorder {
  readonly finished = { resolved: 0, failed: 0, cancelled: 0, refused: 0 };
  readonly queueAge = new Durations();
  readonly #call = new Durations();
  readonly #tick = new Durations();
  #calls = 0;
  #rows = 0;

  tick({ rows, call, total }: Tick): void {
    this.#calls++;
    this.#rows += rows;
    this.#call.record(call);
    this.#tick.record(total);
  }

  report(
    maxBatch: number,
  ): Omit<EngineStatistics, "active" | "queued" | "vectorBytes" | "peakVectorBytes" | "workers"> {
    return {
      finished: { ...this.finished },
      modelCalls: this.#calls,
      modelRows: this.#rows,
      batchFill: this.#calls === 0 ? 0 : this.#rows / (this.#calls * maxBatch),
      call: this.#call.percentiles,
      tick: this.#tick.percentiles,
      queueAge: this.queueAge.percentiles,
    };
  }
}
