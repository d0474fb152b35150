import { QuenchError, requireArgument } from "../../errors.js";
import { Cancellation } from "../cancellation.js";
import { defaultMaxBatch, defaultQueueLimit, type EngineRequestOptions, saturated } from "../engine.js";
import { aborted } from "../evaluator.js";
import type { SampleRequest } from "../request.js";
import type { Samples } from "../sample.js";
import { Durations, type EngineStatistics } from "../statistics.js";
import type { Isolation } from "./backend.js";
import type { Frames, ModelDescription, ModelSource, PortableReport, PortableRequest } from "./protocol.js";
import { type Job, WorkerSlot } from "./worker-slot.js";

export interface SpawnOptions {
  /** A model folder, or a module that makes a denoiser. */
  readonly model: ModelSource;
  /** Most rows in one model call of one session. */
  readonly maxBatch?: number;
  /** Workers, each with a session of its own, that share the queue. Default 1. */
  readonly sessions?: number;
  /** Threads inside a model call, per session. Default 1. */
  readonly threads?: number;
  /** Most model rows of accepted requests, waiting or running. Default 4096. */
  readonly queueLimit?: number;
  /** "process" survives a native crash or a kill of the model's process. Default "thread". */
  readonly isolation?: Isolation;
  /** How often a request is run again when its worker died under it. Default 0. */
  readonly retries?: number;
}

export interface SpawnedRequestOptions extends EngineRequestOptions {
  /** For `stream`: which vectors its reports carry. Default "none". */
  readonly frames?: Frames;
}

/**
 * An engine whose model and solvers run in worker threads or child processes, so that the host's event loop stays
 * free. Made by `Engine.spawn`. Every accepted request resolves or rejects exactly once.
 */
export class SpawnedEngine {
  readonly maxBatch: number;
  readonly queueLimit: number;
  readonly #slots: WorkerSlot[];
  readonly #queue: Job[] = [];
  readonly #counts = { resolved: 0, failed: 0, cancelled: 0, modelCalls: 0, modelRows: 0 };
  readonly #call = new Durations();
  readonly #queueAge = new Durations();
  readonly #idle: (() => void)[] = [];
  readonly #retries: number;
  #ids = 0;
  #rows = 0;
  #pending = 0;
  #closing: QuenchError | undefined;

  private constructor(options: SpawnOptions) {
    const { sessions = 1, threads = 1, isolation = "thread" } = options;
    this.maxBatch = options.maxBatch ?? defaultMaxBatch;
    this.queueLimit = options.queueLimit ?? defaultQueueLimit;
    this.#retries = options.retries ?? 0;
    for (const [name, value, least] of [
      ["sessions", sessions, 1],
      ["threads", threads, 1],
      ["maxBatch", this.maxBatch, 1],
      ["queueLimit", this.queueLimit, 1],
      ["retries", this.#retries, 0],
    ] as const) {
      requireArgument(
        Number.isInteger(value) && value >= least,
        name,
        `expected an integer ≥ ${least}, received ${value}`,
      );
    }
    this.#slots = Array.from({ length: sessions }, () => {
      return new WorkerSlot(
        isolation,
        { model: options.model, maxBatch: this.maxBatch, threads },
        {
          free: () => this.#dispatch(),
          lost: (jobs, reason) => this.#lost(jobs, reason),
          call: (rows, milliseconds) => {
            this.#counts.modelCalls++;
            this.#counts.modelRows += rows;
            this.#call.record(milliseconds);
          },
        },
      );
    });
  }

  /**
   * Starts the workers and waits until each has loaded its model.
   * @throws QuenchError as `loadModel` does; WORKER_FAILED when a worker dies while loading
   */
  static async start(options: SpawnOptions): Promise<SpawnedEngine> {
    const engine = new SpawnedEngine(options);
    try {
      await Promise.all(engine.#slots.map((slot) => slot.ready));
    } catch (error) {
      await Promise.all(engine.#slots.map((slot) => slot.close()));
      throw error;
    }
    return engine;
  }

  /** The model the workers run. */
  get model(): ModelDescription {
    return this.#slots[0]!.model!;
  }

  /** Whether a worker is up and the engine takes requests. */
  get isReady(): boolean {
    return !this.#closing && this.#slots.some((slot) => slot.isUp);
  }

  /**
   * Draws samples.
   * @throws QuenchError as `sample()` does; ENGINE_SATURATED at once when the queue is full; DEADLINE_EXCEEDED;
   * WORKER_FAILED when the worker died under the request; ENGINE_CLOSED
   */
  sample(request: SampleRequest = {}, options: EngineRequestOptions = {}): Promise<Samples> {
    return this.#submit(request, options, undefined, undefined);
  }

  /** The same, step by step. Leaving the loop early cancels the request. */
  async *stream(
    request: SampleRequest = {},
    options: SpawnedRequestOptions = {},
  ): AsyncGenerator<PortableReport, Samples> {
    const control = new AbortController();
    const reports: PortableReport[] = [];
    let wake = () => {};
    let finished = false;
    const signal = options.signal ? [options.signal] : [];
    const link = new Cancellation([control.signal, ...signal], undefined);
    const result = this.#submit(
      request,
      { ...options, signal: link.signal },
      options.frames ?? "none",
      (report) => {
        reports.push(report);
        wake();
      },
    ).finally(() => {
      finished = true;
      link.dispose();
      wake();
    });
    result.catch(() => {}); // awaited below, or not wanted any more
    try {
      for (;;) {
        for (let report = reports.shift(); report; report = reports.shift()) yield report;
        if (finished) return await result;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      control.abort();
    }
  }

  stats(): EngineStatistics {
    const { modelCalls, modelRows, resolved, failed, cancelled } = this.#counts;
    const queuedRows = this.#queue.reduce((sum, { rows }) => sum + rows, 0);
    return {
      active: { requests: this.#pending - this.#queue.length, rows: this.#rows - queuedRows },
      queued: { requests: this.#queue.length, rows: queuedRows },
      finished: { resolved, failed, cancelled },
      modelCalls,
      modelRows,
      batchFill: modelCalls === 0 ? 0 : modelRows / (modelCalls * this.maxBatch),
      call: this.#call.percentiles,
      queueAge: this.#queueAge.percentiles,
    };
  }

  /** Takes no more requests; finishes those it has (`drain`, the default) or cancels them; stops the workers. */
  async close({ drain = true }: { readonly drain?: boolean } = {}): Promise<void> {
    this.#closing ??= new QuenchError("ENGINE_CLOSED", "the engine is closed");
    if (!drain) {
      for (const job of [...this.#queue, ...this.#slots.flatMap((slot) => slot.jobs)])
        this.#reject(job, this.#closing);
    }
    if (this.#pending > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #submit(
    request: SampleRequest,
    options: EngineRequestOptions,
    frames: Frames | undefined,
    onReport: ((report: PortableReport) => void) | undefined,
  ): Promise<Samples> {
    return new Promise((resolve, reject) => {
      if (this.#closing) throw this.#closing;
      const portable = toPortable(request, options.priority);
      const rows = rowsOf(portable);
      if (this.#rows + rows > this.queueLimit) throw saturated(this.queueLimit, this.#rows, rows);
      const cancellation = new Cancellation([request.signal, options.signal], options.deadline);
      const { signal } = cancellation;
      if (signal.aborted) {
        cancellation.dispose();
        throw aborted(signal);
      }
      const settle = () => {
        if (job.settled) return false;
        job.settled = true;
        cancellation.dispose();
        this.#rows -= rows;
        this.#pending--;
        if (this.#pending === 0) for (const done of this.#idle.splice(0)) done();
        return true;
      };
      const job: Job = {
        id: this.#ids++,
        request: portable,
        frames,
        rows,
        priority: portable.priority ?? 0,
        arrived: performance.now(),
        retriesLeft: this.#retries,
        settled: false,
        onProgress: options.onProgress,
        onReport,
        resolve: (samples) => {
          if (!settle()) return;
          this.#counts.resolved++;
          resolve(samples);
        },
        reject: (reason) => {
          if (!settle()) return;
          if (
            reason.code === "ABORTED" ||
            reason.code === "DEADLINE_EXCEEDED" ||
            reason.code === "ENGINE_CLOSED"
          )
            this.#counts.cancelled++;
          else this.#counts.failed++;
          reject(reason);
        },
      };
      this.#rows += rows;
      this.#pending++;
      signal.addEventListener("abort", () => this.#reject(job, aborted(signal)), { once: true });
      this.#enqueue(job);
      this.#dispatch();
    });
  }

  #enqueue(job: Job): void {
    this.#queue.push(job);
    this.#queue.sort((a, b) => b.priority - a.priority || a.id - b.id);
  }

  /** Hands waiting requests to the least busy workers, a batch ahead of what each is running. */
  #dispatch(): void {
    while (this.#queue.length > 0) {
      const open = this.#slots.filter((slot) => slot.isUp && slot.rows < 2 * this.maxBatch);
      if (open.length === 0) break;
      const slot = open.reduce((least, other) => (other.rows < least.rows ? other : least));
      const job = this.#queue.shift()!;
      this.#queueAge.record(performance.now() - job.arrived);
      slot.run(job);
    }
    if (this.#slots.every((slot) => slot.hasGivenUp)) {
      const reason = new QuenchError("WORKER_FAILED", "no worker could be started again");
      for (const job of [...this.#queue]) this.#reject(job, reason);
    }
  }

  /** A worker died: its requests are run again where they may be, and rejected where not. */
  #lost(jobs: readonly Job[], reason: string): void {
    for (const job of jobs) {
      if (job.settled) continue;
      if (job.retriesLeft > 0) {
        job.retriesLeft--;
        this.#enqueue(job);
      } else {
        job.reject(new QuenchError("WORKER_FAILED", reason));
      }
    }
    this.#dispatch();
  }

  #reject(job: Job, reason: QuenchError): void {
    const index = this.#queue.indexOf(job);
    if (index >= 0) this.#queue.splice(index, 1);
    else for (const slot of this.#slots) slot.cancel(job);
    job.reject(reason);
  }
}

function toPortable(request: SampleRequest, priority: number | undefined): PortableRequest {
  const { signal: _signal, onStep, noise, ...portable } = request;
  if (onStep || noise) {
    throw new QuenchError(
      "INVALID_ARGUMENT",
      "a function cannot be sent to a worker; use stream(), or an inline engine",
      {
        where: onStep ? "onStep" : "noise",
      },
    );
  }
  return priority === undefined ? portable : { ...portable, priority };
}

/** Model rows of a request: a guided sample is two. The worker checks the rest. */
function rowsOf({ count, seeds, labels, guidance }: PortableRequest): number {
  const samples = count ?? seeds?.length ?? (Array.isArray(labels) ? labels.length : 1);
  requireArgument(
    Number.isInteger(samples) && samples >= 1,
    "count",
    `expected an integer ≥ 1, received ${samples}`,
  );
  return guidance === undefined || guidance === 1 ? samples : 2 * samples;
}
