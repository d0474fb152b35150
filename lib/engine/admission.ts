import { aborted, throwIfAborted } from "../errors.js";
import { type InLine, requireRoom, rowsAhead, WaitingLine } from "./waiting-line.js";

export interface AdmissionOptions {
  readonly maxBatch: number;
  readonly queueLimit: number;
  /** Told how long a request waited before it began, in milliseconds. */
  readonly onBegin: (waited: number) => void;
  /** How long requests waited of late, in milliseconds. */
  readonly recentWait: () => number;
}

/** A request's place in an engine, from its acceptance to its end. */
export interface Place extends InLine {
  /** Resolves when the request may begin; rejects when it was cancelled before. */
  readonly turn: Promise<void>;
}

interface Waiting extends Place {
  begin(): void;
}

/**
 * Decides which accepted requests run. One begins as soon as those running that are as urgent as it (or more)
 * leave room in the largest model call; so calls are full, what is more urgent goes first even past a request of
 * thousands of rows, and vectors are held for what runs only.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #line = new WaitingLine<Waiting>();
  readonly #running = new Set<Place>();
  readonly #parked = new Set<Place>();
  readonly #watchers: (() => void)[] = [];
  #order = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** What has begun and not ended. */
  get active(): { requests: number; rows: number } {
    let rows = 0;
    for (const places of [this.#running, this.#parked]) for (const place of places) rows += place.rows;
    return { requests: this.#running.size + this.#parked.size, rows };
  }

  get queued(): { requests: number; rows: number } {
    return { requests: this.#line.length, rows: this.#line.rows };
  }

  /** @throws QuenchError as {@link requireRoom}, or why the signal was aborted */
  enter(rows: number, priority: number, signal: AbortSignal): Place {
    const { queueLimit, recentWait, onBegin } = this.#options;
    throwIfAborted(signal);
    requireRoom(queueLimit, this.active.rows + this.#line.rows, rows, recentWait());
    const arrived = performance.now();
    let begin = () => {};
    const turn = new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#line.remove(place);
        reject(aborted(signal));
        this.#admit();
      };
      signal.addEventListener("abort", leave, { once: true });
      begin = () => {
        signal.removeEventListener("abort", leave);
        onBegin(performance.now() - arrived);
        resolve();
      };
    });
    const place: Waiting = { rows, priority, order: this.#order++, turn, begin };
    this.#line.insert(place);
    this.#admit();
    return place;
  }

  /** The consumer of a running request does not read on: others may run in its stead. */
  park(place: Place): void {
    if (this.#running.delete(place)) this.#parked.add(place);
    this.#admit();
  }

  resume(place: Place): void {
    if (this.#parked.delete(place)) this.#running.add(place);
  }

  isParked(place: Place): boolean {
    return this.#parked.has(place);
  }

  /** The request has ended. */
  leave(place: Place): void {
    if (this.#running.delete(place) || this.#parked.delete(place)) this.#admit();
  }

  /** Resolves when nothing waits and nothing has begun that has not ended. */
  async empty(): Promise<void> {
    while (this.#line.length + this.#running.size + this.#parked.size > 0)
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  #admit(): void {
    for (let next = this.#line.first; next; next = this.#line.first) {
      if (rowsAhead(this.#running, next.priority) >= this.#options.maxBatch) break;
      this.#line.shift();
      this.#running.add(next);
      next.begin();
    }
    for (const look of this.#watchers.splice(0)) look();
  }
}
