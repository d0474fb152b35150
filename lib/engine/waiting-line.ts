import { QuenchError, requireArgument } from "../errors.js";

/** Something that waits its turn: higher priority goes first, then the lower order, which is who came first. */
export interface InLine {
  readonly priority: number;
  readonly order: number;
  /** Model rows it will take. */
  readonly rows: number;
}

/** Requests that wait to begin, most urgent first. */
export class WaitingLine<Item extends InLine> {
  readonly #items: Item[] = [];
  #rows = 0;

  get length(): number {
    return this.#items.length;
  }

  get rows(): number {
    return this.#rows;
  }

  get first(): Item | undefined {
    return this.#items[0];
  }

  insert(item: Item): void {
    let low = 0;
    for (let high = this.#items.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (goesBefore(item, this.#items[middle]!)) high = middle;
      else low = middle + 1;
    }
    this.#items.splice(low, 0, item);
    this.#rows += item.rows;
  }

  shift(): Item | undefined {
    const item = this.#items.shift();
    if (item) this.#rows -= item.rows;
    return item;
  }

  /** Whether it was in line. */
  remove(item: Item): boolean {
    const index = this.#items.indexOf(item);
    if (index < 0) return false;
    this.#items.splice(index, 1);
    this.#rows -= item.rows;
    return true;
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.#items[Symbol.iterator]();
  }
}

function goesBefore(a: InLine, b: InLine): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.order < b.order);
}

/** Rows of the running requests that a newcomer of this priority has to wait for. */
export function rowsAhead(running: Iterable<InLine>, priority: number): number {
  let sum = 0;
  for (const other of running) if (other.priority >= priority) sum += other.rows;
  return sum;
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

/**
 * @param held rows of accepted requests, waiting or running
 * @param waitMilliseconds how long a request waited of late, for the hint
 * @throws QuenchError INVALID_ARGUMENT for a request that could never be accepted, ENGINE_SATURATED for one that
 * cannot be now
 */
export function requireRoom(limit: number, held: number, rows: number, waitMilliseconds: number): void {
  requireArgument(
    rows <= limit,
    "count",
    `the request takes ${rows} model rows and the queue never holds more than ${limit}`,
  );
  if (held + rows <= limit) return;
  throw new EngineSaturatedError(
    `the queue holds ${held} of at most ${limit} rows and has no room for ${rows} more; retry later`,
    Math.max(1, Math.ceil(waitMilliseconds / 1000)),
  );
}
