import { QuenchError } from "../../errors.js";
import { rowsAhead } from "../waiting-line.js";
import { CallWatch } from "./call-watch.js";
import type { Job } from "./job.js";
import {
  type FromWorker,
  type ModelDescription,
  unpackError,
  type WorkerLoad,
  type WorkerSetup,
} from "./protocol.js";
import { type Isolation, startWorker, type WorkerHandle } from "./worker-handle.js";

export interface SlotEvents {
  /** There is room for another request. */
  free(): void;
  /** The worker died, or hangs in a model call; these requests were in it. */
  lost(jobs: readonly Job[], reason: string): void;
  load(load: WorkerLoad): void;
}

const firstBackoffMilliseconds = 100;
const largestBackoffMilliseconds = 10_000;
/** After this many deaths in a row without a result in between, requests are no longer kept waiting for the worker. */
const mostDeaths = 5;
/** How long a child that was told to drop everything may take to end before it is killed. */
const graceMilliseconds = 5000;

/**
 * One worker of a spawned engine, started again with backoff when it dies. A child process that hangs in a model call
 * is killed. A thread cannot be ended there: it takes no requests until its call has come back, if it ever does.
 */
export class WorkerSlot {
  /** Resolves when the first worker has loaded its model; rejects when it could not. */
  readonly ready: Promise<void>;
  model: ModelDescription | undefined;
  /** As the worker last reported. */
  vectorBytes = 0;
  peakVectorBytes = 0;
  /** How often its worker died, and how often one hung. */
  readonly failures = { died: 0, hung: 0 };
  readonly #jobs = new Map<number, Job>();
  #worker: WorkerHandle | undefined;
  #up = false;
  #hangs = false;
  #deaths = 0;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #closed: (() => void)[] = [];
  #settleReady: { resolve(): void; reject(reason: unknown): void } | undefined;
  readonly #watch: CallWatch;

  constructor(
    readonly isolation: Isolation,
    readonly setup: WorkerSetup,
    readonly callTimeout: number,
    readonly events: SlotEvents,
  ) {
    this.#watch = new CallWatch(callTimeout, {
      ask: () => this.#worker?.send({ type: "ask" }),
      overdue: () => this.#giveUp(),
      back: () => this.#takeBack(),
    });
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#start();
  }

  get isUp(): boolean {
    return this.#up && !this.#hangs && !this.#closing;
  }

  /** It dies again and again, or is a thread that hangs. It may come back, but nobody should wait for that. */
  get isHopeless(): boolean {
    return this.#isSetAside || (!this.#up && this.#deaths >= mostDeaths);
  }

  get #isSetAside(): boolean {
    return this.#hangs && this.isolation === "thread";
  }

  /** Of the child process, while there is one. */
  get pid(): number | undefined {
    return this.#worker?.pid;
  }

  get jobs(): Iterable<Job> {
    return this.#jobs.values();
  }

  /** Rows in the worker that go before a newcomer of this priority. */
  rowsAhead(priority: number): number {
    return rowsAhead(this.jobs, priority);
  }

  run(job: Job): void {
    this.#jobs.set(job.order, job);
    const { order: id, request } = job;
    try {
      this.#worker!.send({ type: "sample", id, request, frames: job.options.frames });
      this.#watch.start();
    } catch (error) {
      // Something in the request cannot be cloned.
      this.#jobs.delete(id);
      job.reject(
        new QuenchError("INVALID_ARGUMENT", (error as Error).message, { where: "request", cause: error }),
      );
    }
  }

  /** The worker drops the request at its next tick; its rows count until then. */
  cancel({ order: id }: Job): void {
    if (this.#jobs.has(id)) this.#worker?.send({ type: "cancel", id });
  }

  /** The reader of a stream has taken a report. */
  read({ order: id }: Job): void {
    if (this.#jobs.has(id)) this.#worker?.send({ type: "read", id });
  }

  /**
   * Asks the worker to end, and waits until it has. All of its requests have ended: what is left is a model call that
   * nobody waits for, for which a child process gets a moment. A thread that hangs is not waited for.
   */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (!worker) return;
    const killing = setTimeout(() => worker.kill?.(), graceMilliseconds);
    worker.send({ type: "close" });
    if (!this.#isSetAside) await new Promise<void>((resolve) => this.#closed.push(resolve));
    clearTimeout(killing);
  }

  /** Before it is closed: ends a child process at once, and leaves a thread to end by itself when it can. */
  abandon(): void {
    this.#hangs = true;
    this.#worker?.kill?.();
  }

  #start(): void {
    this.#worker = startWorker(this.isolation, this.setup, {
      message: (message) => this.#receive(message),
      exit: (reason) => this.#exit(reason),
    });
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "ready":
        this.#up = true;
        this.model = message.model;
        this.#settleReady?.resolve();
        this.#settleReady = undefined;
        this.events.free();
        return;
      case "refused":
        this.#settleReady?.reject(unpackError(message.error));
        this.#settleReady = undefined;
        return;
      case "load":
        this.vectorBytes = message.load.vectorBytes;
        this.peakVectorBytes = Math.max(this.peakVectorBytes, message.load.peakVectorBytes);
        this.events.load(message.load);
        return;
      case "alive":
        this.#watch.answer(message.callMilliseconds);
        return;
      case "progress":
      case "step":
        this.#jobs.get(message.id)?.tell(message);
        return;
    }
    const job = this.#jobs.get(message.id);
    this.#jobs.delete(message.id);
    if (this.#jobs.size === 0 && !this.#hangs) this.#watch.stop();
    this.#deaths = 0; // a worker that answers is well
    if (message.type === "result") job?.resolve(message.samples);
    else job?.reject(unpackError(message.error));
    this.events.free();
  }

  /** The worker hangs in a model call. */
  #giveUp(): void {
    this.#hangs = true;
    this.failures.hung++;
    const hung = [...this.#jobs.values()];
    this.#jobs.clear();
    const worker = this.#worker!;
    worker.kill?.();
    if (this.#isSetAside) {
      for (const { order: id } of hung) worker.send({ type: "cancel", id }); // read when its call has come back
      for (const done of this.#closed.splice(0)) done();
    }
    this.events.lost(hung, `a model call has taken longer than ${this.callTimeout} s`);
  }

  /** The call of a thread that hung has come back. */
  #takeBack(): void {
    if (!this.#isSetAside) return; // a child has been killed already
    this.#hangs = false;
    this.#watch.stop();
    this.events.free();
  }

  #exit(reason: string): void {
    this.#settleReady?.reject(new QuenchError("WORKER_FAILED", `${reason} while loading the model`));
    this.#settleReady = undefined;
    this.#worker = undefined;
    this.#up = false;
    if (!this.#hangs && !this.#closing && this.model) this.failures.died++;
    this.#hangs = false;
    this.#watch.stop();
    this.vectorBytes = 0;
    for (const done of this.#closed.splice(0)) done();
    const lost = [...this.#jobs.values()];
    this.#jobs.clear();
    // A model that never loaded is the caller's to mend.
    if (!this.#closing && this.model) {
      const backoff = Math.min(largestBackoffMilliseconds, firstBackoffMilliseconds * 2 ** this.#deaths++);
      this.#timer = setTimeout(() => this.#start(), backoff).unref();
    }
    this.events.lost(lost, reason);
  }
}
