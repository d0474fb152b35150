import { defined } from "../../defined.js";
import { QuenchError, throwIfAborted } from "../../errors.js";
import { type CloseOptions, drainOf } from "../close-options.js";
import { requireNamedSolver } from "../custom-solver.js";
import { type EngineRequestOptions, requireRequestOptions } from "../engine.js";
import { orAborted } from "../or-aborted.js";
import { ownCopy } from "../own-copy.js";
import { checkRequest, type SampleRequest } from "../request.js";
import { requireRequest } from "../require-request.js";
import type { Samples } from "../sample.js";
import { type EngineStatistics, Recorder } from "../statistics.js";
import { requireRoom, WaitingLine } from "../waiting-line.js";
import { Job } from "./job.js";
import { KeepAlive } from "./keep-alive.js";
import { portableSource } from "./model-source.js";
import type { ModelDescription, PortableReport, PortableRequest } from "./protocol.js";
import { ReportQueue } from "./report-queue.js";
import {
  requireStreamOptions,
  type SpawnedRequestOptions,
  type SpawnOptions,
  withSpawnDefaults,
} from "./spawn-options.js";
import { WorkerSlot } from "./worker-slot.js";

const loading = "loading the model";

/**
 * An engine whose model and solvers run in worker threads or child processes, so that the host's event loop stays
 * free. Made by `Engine.spawn`. Every accepted request resolves or rejects exactly once. The host runs on while a
 * request is awaited; an idle engine, closed or not, does not keep it from ending.
 */
export class SpawnedEngine {
  readonly maxBatch: number;
  readonly queueLimit: number;
  readonly #slots: WorkerSlot[];
  readonly #line = new WaitingLine<Job>();
  readonly #recorder = new Recorder();
  readonly #alive = new KeepAlive();
  readonly #idle: (() => void)[] = [];
  readonly #retries: number;
  #jobs = 0;
  #rows = 0;
  #pending = 0;
  #closing: QuenchError | undefined;
  #closed: Promise<void> | undefined;

  private constructor(options: SpawnOptions) {
    const given = withSpawnDefaults(options);
    throwIfAborted(options.signal, loading);
    const { model, maxBatch, threads, queueLimit, isolation, callTimeout } = given;
    this.maxBatch = maxBatch;
    this.queueLimit = queueLimit;
    this.#retries = given.retries;
    const setup = { model: portableSource(model), maxBatch, threads };
    this.#slots = Array.from({ length: given.sessions }, () => {
      return new WorkerSlot(isolation, setup, callTimeout, {
        free: () => this.#dispatch(),
        lost: (jobs, reason) => this.#lost(jobs, reason),
        load: ({ ticks }) => {
          for (const tick of ticks) this.#recorder.tick(tick);
        },
      });
    });
  }

  /**
   * Starts the workers and waits until each has loaded its model.
   * @throws QuenchError as `loadModel` does; WORKER_FAILED when a worker dies while loading; ABORTED
   */
  static async start(options: SpawnOptions): Promise<SpawnedEngine> {
    const engine = new SpawnedEngine(options);
    const loaded = Promise.all(engine.#slots.map((slot) => slot.ready));
    try {
      await engine.#alive.during(orAborted(loaded, options.signal, loading));
      return engine;
    } catch (error) {
      if (options.signal?.aborted) for (const slot of engine.#slots) slot.abandon();
      await engine.close({ drain: false });
      throw error;
    }
  }

  /** The model the workers run. */
  get model(): ModelDescription {
    return this.#slots[0]!.model!;
  }

  /** Whether a worker is up and the engine takes requests. */
  get isReady(): boolean {
    return !this.#closing && this.#slots.some((slot) => slot.isUp);
  }

  /** Process ids of the children, with isolation "process". */
  get pids(): number[] {
    return this.#slots.flatMap(({ pid }) => pid ?? []);
  }

  /**
   * Draws samples.
   * @throws QuenchError as `sample()` does; ENGINE_SATURATED at once when the queue is full; DEADLINE_EXCEEDED;
   * WORKER_FAILED when the worker died under the request, or hangs in a model call; ENGINE_CLOSED
   */
  async sample(request: SampleRequest = {}, options: EngineRequestOptions = {}): Promise<Samples> {
    return this.#submit(request, options).samples;
  }

  /**
   * The same, step by step. Leaving the loop early cancels the request; the worker waits for a slow reader, running
   * other requests meanwhile.
   */
  async *stream(
    request: SampleRequest = {},
    options: SpawnedRequestOptions = {},
  ): AsyncGenerator<PortableReport, Samples> {
    const left = new AbortController();
    const reports = new ReportQueue<PortableReport>();
    const job = this.#submit(request, options, {
      onReport: (report) => reports.push(report),
      signal: left.signal,
    });
    const end = () => reports.end();
    job.samples.then(end, end);
    try {
      for await (const report of reports) {
        for (const slot of this.#slots) slot.read(job);
        yield report;
      }
      return await job.samples;
    } finally {
      left.abort();
    }
  }

  stats(): EngineStatistics {
    const sum = (key: "vectorBytes" | "peakVectorBytes") =>
      this.#slots.reduce((bytes, slot) => bytes + slot[key], 0);
    return {
      active: { requests: this.#pending - this.#line.length, rows: this.#rows - this.#line.rows },
      queued: { requests: this.#line.length, rows: this.#line.rows },
      ...this.#recorder.report(this.maxBatch),
      vectorBytes: sum("vectorBytes"),
      peakVectorBytes: sum("peakVectorBytes"),
      workers: {
        up: this.#slots.filter(({ isUp }) => isUp).length,
        died: this.#slots.reduce((died, { failures }) => died + failures.died, 0),
        hung: this.#slots.reduce((hung, { failures }) => hung + failures.hung, 0),
      },
    };
  }

  /**
   * Takes no more requests; finishes those it has (`drain`, the default) or cancels them; stops the workers. A model
   * call that is then still under way is waited for, but a child process that takes longer than 5 s is killed, and a
   * thread no longer than `callTimeout`.
   * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME for options that are none
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const drain = drainOf(options);
    this.#closing ??= new QuenchError("ENGINE_CLOSED", "the engine is closed");
    if (!drain) {
      for (const job of [...this.#line, ...this.#slots.flatMap(({ jobs }) => [...jobs])])
        this.#drop(job, this.#closing);
    }
    this.#closed ??= this.#alive.during(this.#end());
    return this.#closed;
  }

  async #end(): Promise<void> {
    if (this.#pending > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #submit(
    request: SampleRequest,
    options: SpawnedRequestOptions,
    stream?: {
      readonly onReport: (report: PortableReport) => void;
      readonly signal: AbortSignal;
    },
  ): Job {
    try {
      if (this.#closing) throw this.#closing;
      requireRequest(request);
      if (stream) requireStreamOptions(options);
      else requireRequestOptions(options);
      const portable = toPortable(request, options.priority);
      const { initial: _initial, conditions: _conditions, nullConditions: _null, ...json } = portable;
      const rows = checkRequest(json);
      requireRoom(this.queueLimit, this.#rows, rows, this.#recorder.queueAge.mean);
      const job = new Job(this.#jobs++, portable, rows, portable.priority ?? 0, {
        signals: [request.signal, options.signal, stream?.signal],
        deadline: options.deadline,
        onProgress: options.onProgress,
        retries: this.#retries,
        frames: stream && (options.frames ?? "none"),
        onReport: stream?.onReport,
        onSettled: (outcome) => {
          this.#recorder.finished[outcome]++;
          this.#rows -= rows;
          this.#alive.release();
          if (--this.#pending === 0) for (const done of this.#idle.splice(0)) done();
        },
      });
      this.#rows += rows;
      this.#pending++;
      this.#alive.hold();
      const drop = () => this.#drop(job);
      if (job.signal.aborted) drop();
      else {
        job.signal.addEventListener("abort", drop, { once: true });
        this.#line.insert(job);
        this.#dispatch();
      }
      return job;
    } catch (error) {
      this.#recorder.finished.refused++;
      throw error;
    }
  }

  /** Hands waiting requests to the least busy workers, a batch ahead of what each is running. */
  #dispatch(): void {
    for (let next = this.#line.first; next; next = this.#line.first) {
      const { priority } = next;
      const open = this.#slots.filter((slot) => slot.isUp && slot.rowsAhead(priority) < 2 * this.maxBatch);
      if (open.length === 0) break;
      const slot = open.reduce((a, b) => (b.rowsAhead(priority) < a.rowsAhead(priority) ? b : a));
      this.#line.shift();
      this.#recorder.queueAge.record(performance.now() - next.arrived);
      slot.run(next);
    }
    if (this.#slots.every((slot) => slot.isHopeless)) {
      const reason = new QuenchError(
        "WORKER_FAILED",
        "the workers die again and again, or hang in model calls",
      );
      for (const job of [...this.#line]) this.#drop(job, reason);
    }
  }

  /** A worker died or hangs: its requests are run again where they may be, and rejected where not. */
  #lost(jobs: readonly Job[], reason: string): void {
    for (const job of jobs) {
      if (job.mayRunAgain) {
        job.retriesLeft--;
        this.#line.insert(job);
      } else {
        job.reject(new QuenchError("WORKER_FAILED", reason));
      }
    }
    this.#dispatch();
  }

  /** Ends a request wherever it is, for the reason given or its signal's. */
  #drop(job: Job, reason?: QuenchError): void {
    if (!this.#line.remove(job)) for (const slot of this.#slots) slot.cancel(job);
    if (reason) job.reject(reason);
    else job.rejectAborted();
  }
}

function toPortable(request: SampleRequest, priority: number | undefined): PortableRequest {
  const { signal: _signal, onStep, noise, solver, ...rest } = request;
  if (onStep || noise) {
    throw new QuenchError(
      "INVALID_ARGUMENT",
      "a function cannot be sent to a worker; use stream(), or an inline engine",
      { where: onStep ? "onStep" : "noise" },
    );
  }
  requireNamedSolver(solver);
  // As it is now: it may wait. And no more than its own rows: a worker would be sent the whole buffer that one looks
  // into.
  return ownCopy({ ...rest, ...defined({ solver, priority }) });
}
