import { QuenchError } from "../../errors.js";
import type { Progress } from "../engine.js";
import type { Samples } from "../sample.js";
import { type Backend, type Isolation, startBackend } from "./backend.js";
import {
  type Frames,
  type FromWorker,
  type ModelDescription,
  type PortableReport,
  type PortableRequest,
  unpackError,
  type WorkerSetup,
} from "./protocol.js";

/** A request on its way through the spawned engine. */
export interface Job {
  readonly id: number;
  readonly request: PortableRequest;
  readonly frames: Frames | undefined;
  readonly rows: number;
  readonly priority: number;
  readonly arrived: number;
  retriesLeft: number;
  settled: boolean;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly onReport: ((report: PortableReport) => void) | undefined;
  resolve(samples: Samples): void;
  reject(reason: QuenchError): void;
}

export interface SlotEvents {
  /** There is room for another request. */
  free(): void;
  /** The worker died; these requests were in it. */
  lost(jobs: readonly Job[], reason: string): void;
  call(rows: number, milliseconds: number): void;
}

const firstBackoffMilliseconds = 100;
const largestBackoffMilliseconds = 5000;
const mostFailedStarts = 5;

/** One worker of a spawned engine, started again with backoff when it dies. */
export class WorkerSlot {
  /** Resolves when the first worker has loaded its model; rejects when it could not. */
  readonly ready: Promise<void>;
  model: ModelDescription | undefined;
  readonly #jobs = new Map<number, Job>();
  #backend: Backend | undefined;
  #up = false;
  #failedStarts = 0;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #closed: (() => void)[] = [];
  #settleReady: { resolve(): void; reject(reason: unknown): void } | undefined;

  constructor(
    readonly isolation: Isolation,
    readonly setup: WorkerSetup,
    readonly events: SlotEvents,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#start();
  }

  get isUp(): boolean {
    return this.#up && !this.#closing;
  }

  /** It could not be started several times in a row and is not tried again. */
  get hasGivenUp(): boolean {
    return this.#failedStarts >= mostFailedStarts;
  }

  get jobs(): Job[] {
    return [...this.#jobs.values()];
  }

  get rows(): number {
    let sum = 0;
    for (const { rows } of this.#jobs.values()) sum += rows;
    return sum;
  }

  run(job: Job): void {
    this.#jobs.set(job.id, job);
    try {
      this.#backend!.send({ type: "sample", id: job.id, request: job.request, frames: job.frames });
    } catch (error) {
      // Something in the request cannot be cloned.
      this.#jobs.delete(job.id);
      job.reject(
        new QuenchError("INVALID_ARGUMENT", (error as Error).message, { where: "request", cause: error }),
      );
    }
  }

  /** The worker drops the request at its next tick; its rows count until then. */
  cancel(job: Job): void {
    if (this.#jobs.has(job.id)) this.#backend?.send({ type: "cancel", id: job.id });
  }

  /** Asks the worker to end and waits until it has. */
  close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    if (!this.#backend) return Promise.resolve();
    this.#backend.send({ type: "close" });
    return new Promise((resolve) => this.#closed.push(resolve));
  }

  #start(): void {
    this.#backend = startBackend(this.isolation, this.setup, {
      message: (message) => this.#receive(message),
      exit: (reason) => this.#exit(reason),
    });
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "ready":
        this.#up = true;
        this.#failedStarts = 0;
        this.model = message.model;
        this.#settleReady?.resolve();
        this.#settleReady = undefined;
        this.events.free();
        return;
      case "refused":
        this.#settleReady?.reject(unpackError(message.error));
        this.#settleReady = undefined;
        return;
      case "calls":
        for (let i = 0; i < message.calls.length; i += 2)
          this.events.call(message.calls[i]!, message.calls[i + 1]!);
        return;
      case "progress":
        this.#jobs.get(message.id)?.onProgress?.(message.progress);
        return;
      case "step":
        this.#jobs.get(message.id)?.onReport?.(message.report);
        return;
    }
    const job = this.#jobs.get(message.id);
    this.#jobs.delete(message.id);
    if (message.type === "result") job?.resolve(message.samples);
    else job?.reject(unpackError(message.error));
    this.events.free();
  }

  #exit(reason: string): void {
    const neverUp = !this.#up;
    this.#backend = undefined;
    this.#up = false;
    this.#settleReady?.reject(new QuenchError("WORKER_FAILED", `${reason} while loading the model`));
    const first = this.#settleReady !== undefined;
    this.#settleReady = undefined;
    for (const done of this.#closed.splice(0)) done();
    const lost = this.jobs;
    this.#jobs.clear();
    if (!this.#closing && !first) {
      if (neverUp) this.#failedStarts++;
      const backoff = Math.min(
        largestBackoffMilliseconds,
        firstBackoffMilliseconds * 2 ** this.#failedStarts,
      );
      if (!this.hasGivenUp) this.#timer = setTimeout(() => this.#start(), backoff);
    }
    this.events.lost(lost, reason);
  }
}
