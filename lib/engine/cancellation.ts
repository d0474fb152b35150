import { received } from "../checks/received.js";
import { QuenchError, requireArgument } from "../errors.js";
import { follow } from "./followed-signals.js";
import { requireSignal } from "./require-request.js";

/** Beyond this, some 24 days, timers overflow: a deadline as far away is none. */
const longestTimer = 2 ** 31 - 1;

/**
 * One abort signal out of a caller's signals and a deadline. `dispose` lets go of them: a caller's long-lived
 * signal must not keep every request it was ever passed with.
 */
export class Cancellation {
  readonly #control = new AbortController();
  readonly #release: (() => void)[] = [];

  constructor(signals: readonly (AbortSignal | undefined)[], deadline: Date | number | undefined) {
    requireDeadline(deadline);
    for (const signal of signals) requireSignal(signal); // all of them, before one is followed
    for (const signal of signals)
      if (signal) this.#release.push(follow(signal, () => this.cancel(signal.reason)));
    if (deadline !== undefined) {
      const expire = () =>
        this.cancel(new QuenchError("DEADLINE_EXCEEDED", "the request's deadline has passed"));
      const left = Number(deadline) - Date.now();
      if (left <= 0) expire();
      else if (left <= longestTimer) {
        const timer = setTimeout(expire, left);
        this.#release.push(() => clearTimeout(timer));
      }
    }
  }

  get signal(): AbortSignal {
    return this.#control.signal;
  }

  cancel(reason: unknown): void {
    this.#control.abort(reason);
  }

  dispose(): void {
    for (const release of this.#release.splice(0)) release();
  }
}

/** One that is no time would never come, and the request run on. */
function requireDeadline(deadline: unknown): void {
  const time = deadline instanceof Date ? deadline.getTime() : deadline;
  requireArgument(
    deadline === undefined || (typeof time === "number" && Number.isFinite(time)),
    "deadline",
    () =>
      `expected a valid date or milliseconds since the epoch, received ${deadline instanceof Date ? "an invalid date" : received(deadline)}`,
  );
}
