import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { requireFunction } from "../checks/require-function.js";
import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { modelFailed } from "../denoiser/model-failed.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { QuenchError, requireInteger, throwIfAborted } from "../errors.js";
import { Admission, type Place } from "./admission.js";
import { Cancellation } from "./cancellation.js";
import { type CloseOptions, drainOf } from "./close-options.js";
import { Evaluator } from "./evaluator.js";
import { modelRowsPerSample } from "./guidance.js";
import type { AroundCall } from "./model-call.js";
import { VectorPool } from "./pool.js";
import { type Progress, throttledProgress } from "./progress.js";
import { type ResolvedRequest, resolveRequest, type SampleRequest } from "./request.js";
import { requireRequest } from "./require-request.js";
import type { StepReport } from "./run.js";
import { requestSteps, type Samples } from "./sample.js";
import type { SpawnOptions } from "./service/spawn-options.js";
import type { SpawnedEngine } from "./service/spawned-engine.js";
import { type EngineStatistics, type Outcome, outcomeOf, Recorder, type Tick } from "./statistics.js";

export interface EngineOptions {
  /** Most rows in one model call; a guided sample is two rows. Default 32. */
  readonly maxBatch?: number;
  /** Most model rows of accepted requests, waiting or running. Default 4096. */
  readonly queueLimit?: number;
  /** Told of every model call. */
  readonly onTick?: (tick: Tick) => void;
  /** Runs every call of the denoiser, for a host that must know when one is under way. */
  readonly aroundCall?: AroundCall;
}

const engineOptions: OptionNames<EngineOptions> = {
  maxBatch: true,
  queueLimit: true,
  onTick: true,
  aroundCall: true,
};

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

const requestOptions: OptionNames<EngineRequestOptions> = {
  signal: true,
  deadline: true,
  priority: true,
  onProgress: true,
};

/** @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option */
export function requireRequestOptions(options: EngineRequestOptions): void {
  requireKnownOptions<EngineRequestOptions>(options, requestOptions);
  requireFunction(options.onProgress, "onProgress");
}

interface Accepted {
  readonly request: ResolvedRequest;
  readonly cancellation: Cancellation;
  readonly signal: AbortSignal;
  readonly place: Place;
}

/** The fastest of 4 … 64 on the digits model with one session: `quench bench engine --sweep`, docs/engine.md. */
export const defaultMaxBatch = 32;
export const defaultQueueLimit = 4096;

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
  readonly #recorder = new Recorder();
  readonly #admission: Admission;
  readonly #aroundCall: AroundCall;
  readonly #accepted = new Set<Accepted>();
  #closing: QuenchError | undefined;
  #closed: Promise<void> | undefined;

  constructor(
    readonly denoiser: Denoiser,
    options: EngineOptions = {},
  ) {
    requireDenoiser(denoiser);
    requireKnownOptions<EngineOptions>(options, engineOptions);
    this.maxBatch = options.maxBatch ?? defaultMaxBatch;
    this.queueLimit = options.queueLimit ?? defaultQueueLimit;
    requireInteger(this.maxBatch, "maxBatch");
    requireInteger(this.queueLimit, "queueLimit");
    for (const name of ["onTick", "aroundCall"] as const) requireFunction(options[name], name);
    this.#aroundCall = options.aroundCall ?? ((call) => call());
    this.#evaluator = new Evaluator(denoiser, this.#pool, {
      maxBatch: this.maxBatch,
      ...defined({ aroundCall: options.aroundCall }),
      onTick: (tick) => {
        this.#recorder.tick(tick);
        options.onTick?.(tick);
      },
    });
    this.#admission = new Admission({
      maxBatch: this.maxBatch,
      queueLimit: this.queueLimit,
      onBegin: (waited) => this.#recorder.queueAge.record(waited),
      recentWait: () => this.#recorder.queueAge.mean,
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
    const accepted = this.#accept(request, options);
    const progress = throttledProgress(options.onProgress);
    const steps = requestSteps(this.#evaluator, accepted.request);
    let outcome: Outcome = "failed";
    try {
      await accepted.place.turn;
      for (;;) {
        const { done, value } = await steps.next();
        if (done) {
          outcome = "resolved";
          return value;
        }
        progress?.(value);
      }
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      await steps.return(undefined as never); // a callback that throws leaves it unfinished
      this.#end(accepted, outcome);
    }
  }

  /**
   * The same, step by step. Leaving the loop early cancels the request; while the loop's body takes its time, other
   * requests run in its stead.
   */
  async *stream(
    request: SampleRequest = {},
    options: EngineRequestOptions = {},
  ): AsyncGenerator<StepReport, Samples> {
    requireRequest(request);
    const accepted = this.#accept({ ...request, onStep: request.onStep ?? (() => {}) }, options);
    const { place, signal } = accepted;
    const progress = throttledProgress(options.onProgress);
    const steps = requestSteps(this.#evaluator, accepted.request);
    // Cancelled while nobody reads, a request gives its vectors back at once, not when its reader returns.
    const abandon = () => {
      if (!this.#admission.isParked(place)) return;
      void steps.return(undefined as never).then(() => this.#end(accepted, "cancelled"));
    };
    const park = () => {
      this.#admission.park(place);
      if (signal.aborted) abandon();
    };
    signal.addEventListener("abort", abandon);
    let outcome: Outcome = "cancelled"; // where the reader leaves early
    try {
      await place.turn;
      for (;;) {
        const { done, value } = await steps.next();
        if (done) {
          outcome = "resolved";
          return value;
        }
        progress?.(value);
        const parking = setImmediate(park);
        try {
          yield value;
        } finally {
          clearImmediate(parking);
        }
        throwIfAborted(signal);
        this.#admission.resume(place);
      }
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", abandon);
      await steps.return(undefined as never);
      this.#end(accepted, outcome);
    }
  }

  stats(): EngineStatistics {
    const { usedBytes, peakBytes } = this.#pool.statistics;
    return {
      active: this.#admission.active,
      queued: this.#admission.queued,
      ...this.#recorder.report(this.maxBatch),
      vectorBytes: usedBytes,
      peakVectorBytes: peakBytes,
    };
  }

  /**
   * Takes no more requests; finishes those it has (`drain`, the default) or cancels them; closes the model.
   * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME for options that are none
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const drain = drainOf(options);
    this.#closing ??= new QuenchError("ENGINE_CLOSED", "the engine is closed");
    if (!drain) for (const { cancellation } of [...this.#accepted]) cancellation.cancel(this.#closing);
    this.#closed ??= this.#closeIdle();
    return this.#closed;
  }

  /** A call may be under way for requests that were cancelled. */
  async #closeIdle(): Promise<void> {
    await this.#admission.empty();
    await this.#evaluator.idle();
    this.#pool.clear();
    await this.#aroundCall(() => this.#closeModel());
  }

  async #closeModel(): Promise<void> {
    try {
      await this.denoiser.close();
    } catch (cause) {
      throw modelFailed(this.denoiser.name, cause, "failed to close");
    }
  }

  #accept(request: SampleRequest, options: EngineRequestOptions): Accepted {
    let cancellation: Cancellation | undefined;
    try {
      if (this.#closing) throw this.#closing;
      requireRequest(request);
      requireRequestOptions(options);
      cancellation = new Cancellation([request.signal, options.signal], options.deadline);
      const { signal } = cancellation;
      throwIfAborted(signal);
      const priority = options.priority ?? request.priority ?? 0;
      const resolved = resolveRequest(this.denoiser, { ...request, priority, signal });
      const rows = resolved.rows * modelRowsPerSample(resolved.guidance);
      const place = this.#admission.enter(rows, priority, signal);
      const accepted = { request: resolved, cancellation, signal, place };
      this.#accepted.add(accepted);
      return accepted;
    } catch (error) {
      cancellation?.dispose();
      this.#recorder.finished[cancellation?.signal.aborted ? "cancelled" : "refused"]++;
      throw error;
    }
  }

  /** Counts a request once, however often it is told that it has ended. */
  #end(accepted: Accepted, outcome: Outcome): void {
    if (!this.#accepted.delete(accepted)) return;
    this.#recorder.finished[outcome]++;
    accepted.cancellation.dispose();
    this.#admission.leave(accepted.place);
  }
}
