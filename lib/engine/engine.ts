import type { Denoiser } from "../denoiser/denoiser.js";
import { QuenchError, requireArgument } from "../errors.js";
import { Cancellation } from "./cancellation.js";
import { aborted, Evaluator } from "./evaluator.js";
import { VectorPool } from "./pool.js";
import { type ResolvedRequest, resolveRequest, type SampleRequest } from "./request.js";
import type { StepReport } from "./run.js";
import { requestSteps, type Samples } from "./sample.js";
import type { SpawnedEngine, SpawnOptions } from "./service/spawned-engine.js";
import { Durations, type EngineStatistics } from "./statistics.js";

export interface EngineOptions {
  /** Most rows in one model call; a guided sample is two rows. */
  readonly maxBatch?: number;
  /** Most model rows of accepted requests, waiting or running. Default 4096. */
  readonly queueLimit?: number;
  /** Told of every model call: its rows and how long it took, in milliseconds. */
  readonly onCall?: (rows: number, milliseconds: number) => void;
}

export interface Progress {
  /** Steps taken and to take. */
  readonly step: number;
  readonly steps: number;
  readonly evaluations: number;
}

/** What goes with a request to an engine, besides what `sample()` takes. */
export interface EngineRequestOptions {
  readonly signal?: AbortSignal;
  /** When to give up: a date, or milliseconds since the epoch. */
  readonly deadline?: Date | number;
  /** Higher goes first; equal ones in order of arrival. Default 0. */
  readonly priority?: number;
  /** Called at most every 50 ms, and after the last step. */
  readonly onProgress?: (progress: Progress) => void;
}

interface Queued {
  readonly request: ResolvedRequest;
  readonly rows: number;
  readonly order: number;
  readonly arrived: number;
  start(): void;
}

export const defaultMaxBatch = 64;
export const defaultQueueLimit = 4096;
const progressIntervalMilliseconds = 50;

/**
 * Runs many requests over one model in the caller's thread: whatever solver, step count, labels or guidance each
 * has, their evaluations share model calls. Requests begin in order of priority and arrival as soon as there is
 * room in the batch, so memory is bounded by rows × row bytes × (vectors of the solver + 1), summed over what runs.
 */
export class Engine {
  readonly maxBatch: number;
  readonly queueLimit: number;
  readonly #evaluator: Evaluator;
  readonly #pool = new VectorPool();
  readonly #queue: Queued[] = [];
  readonly #call = new Durations();
  readonly #queueAge = new Durations();
  readonly #counts = { resolved: 0, failed: 0, cancelled: 0, modelCalls: 0, modelRows: 0, accepted: 0 };
  #active = { requests: 0, rows: 0 };
  #closing: QuenchError | undefined;
  readonly #idle: (() => void)[] = [];
  readonly #running = new Set<Cancellation>();

  constructor(
    readonly denoiser: Denoiser,
    options: EngineOptions = {},
  ) {
    this.maxBatch = options.maxBatch ?? defaultMaxBatch;
    this.queueLimit = options.queueLimit ?? defaultQueueLimit;
    requireArgument(
      Number.isInteger(this.maxBatch) && this.maxBatch >= 1,
      "maxBatch",
      `expected an integer ≥ 1, received ${this.maxBatch}`,
    );
    requireArgument(
      Number.isInteger(this.queueLimit) && this.queueLimit >= 1,
      "queueLimit",
      `expected an integer ≥ 1, received ${this.queueLimit}`,
    );
    this.#evaluator = new Evaluator(denoiser, this.#pool, {
      maxBatch: this.maxBatch,
      onCall: (rows, milliseconds) => {
        this.#counts.modelCalls++;
        this.#counts.modelRows += rows;
        this.#call.record(milliseconds);
        options.onCall?.(rows, milliseconds);
      },
    });
  }

  /** An engine in worker threads or child processes, for services: see {@link SpawnedEngine}. */
  static async spawn(options: SpawnOptions): Promise<SpawnedEngine> {
    const { SpawnedEngine } = await import("./service/spawned-engine.js");
    return SpawnedEngine.start(options);
  }

  /**
   * Draws samples.
   * @throws QuenchError as `sample()` does; ENGINE_SATURATED at once when the queue is full; DEADLINE_EXCEEDED;
   * ENGINE_CLOSED
   */
  async sample(request: SampleRequest = {}, options: EngineRequestOptions = {}): Promise<Samples> {
    const steps = this.stream(request, options);
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value;
    }
  }

  /** The same, step by step. Leaving the loop early cancels the request. */
  async *stream(
    request: SampleRequest = {},
    options: EngineRequestOptions = {},
  ): AsyncGenerator<StepReport, Samples> {
    if (this.#closing) throw this.#closing;
    const cancellation = new Cancellation([request.signal, options.signal], options.deadline);
    const { signal } = cancellation;
    const priority = options.priority ?? request.priority ?? 0;
    const resolved = resolveRequest(this.denoiser, { ...request, priority, signal });
    const rows = resolved.rows * (resolved.guidance === undefined ? 1 : 2);
    this.#running.add(cancellation);
    try {
      await this.#enqueue(resolved, rows, signal);
    } catch (error) {
      cancellation.dispose();
      this.#running.delete(cancellation);
      this.#count(error);
      throw error;
    }

    const progress = throttled(options.onProgress);
    const steps = requestSteps(this.#evaluator, resolved);
    try {
      for (;;) {
        const { done, value } = await steps.next();
        if (done) {
          this.#counts.resolved++;
          return value;
        }
        progress?.({ step: value.index + 1, steps: value.steps, evaluations: value.evaluations });
        yield value;
      }
    } catch (error) {
      this.#count(error);
      throw error;
    } finally {
      await steps.return(undefined as never); // gives the vectors back when the caller leaves early
      cancellation.dispose();
      this.#running.delete(cancellation);
      this.#active.requests--;
      this.#active.rows -= rows;
      this.#admit();
    }
  }

  stats(): EngineStatistics {
    const { modelCalls, modelRows, resolved, failed, cancelled } = this.#counts;
    return {
      active: { ...this.#active },
      queued: { requests: this.#queue.length, rows: this.#queue.reduce((sum, { rows }) => sum + rows, 0) },
      finished: { resolved, failed, cancelled },
      modelCalls,
      modelRows,
      batchFill: modelCalls === 0 ? 0 : modelRows / (modelCalls * this.maxBatch),
      call: this.#call.percentiles,
      queueAge: this.#queueAge.percentiles,
      vectorBytes: this.#pool.statistics.usedBytes,
      peakVectorBytes: this.#pool.statistics.peakBytes,
    };
  }

  /** Takes no more requests; finishes those it has (`drain`, the default) or cancels them; closes the model. */
  async close({ drain = true }: { readonly drain?: boolean } = {}): Promise<void> {
    this.#closing ??= new QuenchError("ENGINE_CLOSED", "the engine is closed");
    if (!drain) {
      for (const cancellation of [...this.#running]) cancellation.cancel(this.#closing);
    }
    if (this.#active.requests + this.#queue.length > 0)
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.denoiser.close();
  }

  #enqueue(request: ResolvedRequest, rows: number, signal: AbortSignal): Promise<void> {
    const queued = this.#queue.reduce((sum, waiting) => sum + waiting.rows, 0);
    if (this.#active.rows + queued + rows > this.queueLimit)
      throw saturated(this.queueLimit, this.#active.rows + queued, rows);
    return new Promise((resolve, reject) => {
      const leave = () => {
        const index = this.#queue.indexOf(waiting);
        if (index >= 0) this.#queue.splice(index, 1);
        reject(aborted(signal));
        this.#admit();
      };
      const arrived = performance.now();
      const waiting: Queued = {
        request,
        rows,
        arrived,
        order: this.#counts.accepted++,
        start: () => {
          signal.removeEventListener("abort", leave);
          this.#queueAge.record(performance.now() - arrived);
          resolve();
        },
      };
      if (signal.aborted) {
        reject(aborted(signal));
        return;
      }
      signal.addEventListener("abort", leave, { once: true });
      this.#queue.push(waiting);
      this.#queue.sort((a, b) => b.request.priority - a.request.priority || a.order - b.order);
      this.#admit();
    });
  }

  /** Begins requests while the running ones leave room in the largest batch. */
  #admit(): void {
    while (this.#queue.length > 0 && this.#active.rows < this.maxBatch) {
      const next = this.#queue.shift()!;
      this.#active.requests++;
      this.#active.rows += next.rows;
      next.start();
    }
    if (this.#active.requests + this.#queue.length === 0)
      for (const resolve of this.#idle.splice(0)) resolve();
  }

  #count(error: unknown): void {
    const code = error instanceof QuenchError ? error.code : undefined;
    if (code === "ABORTED" || code === "DEADLINE_EXCEEDED" || code === "ENGINE_CLOSED")
      this.#counts.cancelled++;
    else this.#counts.failed++;
  }
}

/** Error of a full queue; `retryAfter` hints in seconds when it may be worth asking again. */
export class EngineSaturatedError extends QuenchError {
  constructor(
    message: string,
    readonly retryAfter: number,
  ) {
    super("ENGINE_SATURATED", message);
  }
}

export function saturated(limit: number, held: number, asked: number): EngineSaturatedError {
  return new EngineSaturatedError(
    `the queue holds ${held} of at most ${limit} rows and has no room for ${asked} more; retry later`,
    1,
  );
}

/** At most one call per interval, and always the last step. */
function throttled(
  onProgress: ((progress: Progress) => void) | undefined,
): ((progress: Progress) => void) | undefined {
  if (!onProgress) return undefined;
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (progress.step < progress.steps && now - last < progressIntervalMilliseconds) return;
    last = now;
    onProgress(progress);
  };
}
