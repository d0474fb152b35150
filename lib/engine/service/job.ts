import { aborted } from "../../errors.js";
import { Cancellation } from "../cancellation.js";
import type { EngineRequestOptions } from "../engine.js";
import type { Samples } from "../sample.js";
import { type Outcome, outcomeOf } from "../statistics.js";
import type { InLine } from "../waiting-line.js";
import type { Frames, FromWorker, PortableReport, PortableRequest } from "./protocol.js";

export interface JobOptions {
  readonly deadline: EngineRequestOptions["deadline"] | undefined;
  readonly onProgress: EngineRequestOptions["onProgress"] | undefined;
  readonly signals: readonly (AbortSignal | undefined)[];
  /** How often it may be run again when its worker died. */
  readonly retries: number;
  /** For streams: what its reports carry, and who takes them. */
  readonly frames?: Frames | undefined;
  readonly onReport?: ((report: PortableReport) => void) | undefined;
  readonly onSettled: (outcome: Outcome) => void;
}

/** A request on its way through the spawned engine. It is resolved or rejected once; what comes later is ignored. */
export class Job implements InLine {
  readonly samples: Promise<Samples>;
  readonly arrived = performance.now();
  readonly signal: AbortSignal;
  retriesLeft: number;
  #settled = false;
  #reports = 0;
  readonly #cancellation: Cancellation;
  #settle!: { resolve(samples: Samples): void; reject(reason: unknown): void };

  constructor(
    readonly order: number,
    readonly request: PortableRequest,
    readonly rows: number,
    readonly priority: number,
    readonly options: JobOptions,
  ) {
    this.retriesLeft = options.retries;
    this.#cancellation = new Cancellation(options.signals, options.deadline);
    this.signal = this.#cancellation.signal;
    this.samples = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** A stream whose reader has seen a step cannot begin again. */
  get mayRunAgain(): boolean {
    return !this.#settled && this.retriesLeft > 0 && this.#reports === 0;
  }

  resolve(samples: Samples): void {
    if (this.#finish("resolved")) this.#settle.resolve(samples);
  }

  reject(reason: unknown): void {
    if (this.#finish(outcomeOf(reason))) this.#settle.reject(reason);
  }

  /** Rejects with why the signal was aborted. */
  rejectAborted(): void {
    this.reject(aborted(this.signal));
  }

  /** Tells the caller how far the request is; a callback that throws rejects its own request and nothing else. */
  tell(message: Extract<FromWorker, { type: "progress" | "step" }>): void {
    if (this.#settled) return;
    try {
      if (message.type === "progress") this.options.onProgress?.(message.progress);
      else {
        this.#reports++;
        this.options.onReport?.(message.report);
      }
    } catch (error) {
      this.reject(error);
      this.#cancellation.cancel(error); // its worker drops it
    }
  }

  #finish(outcome: Outcome): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#cancellation.dispose();
    this.options.onSettled(outcome);
    return true;
  }
}
