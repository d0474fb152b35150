/** How often a worker is asked within the time that a call may take. */
const asks = 8;
const longestTimer = 2 ** 31 - 1;

export interface CallWatchEvents {
  /** The worker is to say how long its model call has taken: {@link CallWatch.answer}. */
  ask(): void;
  /** A call has taken too long; told once, until it has come back. */
  overdue(): void;
  /** That call has come back. */
  back(): void;
}

/**
 * Notices a worker that hangs in a model call. Such a call either holds the worker's thread, and nothing is answered,
 * or is a promise that never resolves, and the worker says how long it has waited. What counts are questions, not a
 * clock: where the host itself stood still, the answers that have come meanwhile are read before the next question.
 */
export class CallWatch {
  #timer: NodeJS.Timeout | undefined;
  #unanswered = 0;
  #isOverdue = false;

  /** @param seconds that a call may take; Infinity for as long as it wants */
  constructor(
    readonly seconds: number,
    readonly events: CallWatchEvents,
  ) {}

  /** From when the worker has something to do. */
  start(): void {
    if (this.#timer || this.seconds === Infinity) return;
    const interval = Math.min((1000 * this.seconds) / asks, longestTimer);
    this.#timer = setInterval(() => this.#look(), interval).unref();
  }

  /** The worker has nothing to do, or is gone. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#unanswered = 0;
    this.#isOverdue = false;
  }

  answer(callMilliseconds: number): void {
    this.#unanswered = 0;
    const isOverdue = callMilliseconds >= 1000 * this.seconds;
    if (isOverdue === this.#isOverdue) return;
    this.#isOverdue = isOverdue;
    if (isOverdue) this.events.overdue();
    else this.events.back();
  }

  #look(): void {
    if (this.#unanswered < asks) {
      this.#unanswered++;
      this.events.ask();
    } else if (!this.#isOverdue) {
      this.#isOverdue = true;
      this.events.overdue();
    }
  }
}
