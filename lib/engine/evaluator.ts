import type { Denoiser } from "../denoiser/denoiser.js";
import { QuenchError } from "../errors.js";
import type { Vector } from "../native/index.js";
import { inputScale, type Level } from "../process/index.js";
import { type Evaluation, finishEvaluation, gatherRows, modelRows } from "./evaluation.js";
import { type Dtype, dtypeOf, type VectorPool } from "./pool.js";

/** An evaluation in the queue, with how far the model has got through its rows. */
interface Waiting {
  readonly evaluation: Evaluation;
  readonly rows: number;
  readonly order: number;
  taken: number;
  done: number;
  /** Holds what the model emitted when the rows are spread over several calls. */
  emitted: Vector | undefined;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Rows [start, end) of one evaluation inside a model call. */
interface Segment {
  readonly waiting: Waiting;
  readonly start: number;
  readonly end: number;
}

export interface EvaluatorOptions {
  /** Most rows in one model call. Default: no limit. */
  readonly maxBatch?: number;
}

/**
 * Gathers the evaluations of all running requests, whatever step each is at, into model calls. A call starts in
 * the event loop's next turn, when every request that can ask has asked.
 */
export class Evaluator {
  readonly #waiting: Waiting[] = [];
  readonly #maxBatch: number;
  #running = false;
  #order = 0;
  /** Milliseconds spent inside the model, and calls made, since the start. */
  readonly statistics = { modelMilliseconds: 0, modelCalls: 0, modelRows: 0 };

  constructor(
    readonly denoiser: Denoiser,
    readonly pool: VectorPool,
    options: EvaluatorOptions = {},
  ) {
    this.#maxBatch = options.maxBatch ?? Infinity;
  }

  /** Resolves when `evaluation.into` is written. */
  evaluate(evaluation: Evaluation): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        evaluation,
        rows: modelRows(evaluation),
        order: this.#order++,
        taken: 0,
        done: 0,
        emitted: undefined,
        resolve,
        reject,
      });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => void this.#tick());
  }

  async #tick(): Promise<void> {
    this.#dropAborted();
    const segments = this.#take();
    if (segments.length > 0) {
      try {
        await this.#call(segments);
      } catch (error) {
        for (const { waiting } of segments) this.#fail(waiting, error);
      }
    }
    this.#running = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Highest priority first, then oldest, up to the largest batch. */
  #take(): Segment[] {
    this.#waiting.sort((a, b) => b.evaluation.priority - a.evaluation.priority || a.order - b.order);
    const segments: Segment[] = [];
    let room = this.#maxBatch;
    for (const waiting of this.#waiting) {
      if (room === 0) break;
      const count = Math.min(room, waiting.rows - waiting.taken);
      if (count === 0) continue;
      segments.push({ waiting, start: waiting.taken, end: waiting.taken + count });
      waiting.taken += count;
      room -= count;
    }
    return segments;
  }

  async #call(segments: readonly Segment[]): Promise<void> {
    const { denoiser, pool } = this;
    const rows = segments.reduce((sum, { start, end }) => sum + end - start, 0);
    const first = segments[0]!.waiting.evaluation;
    const size = first.x.length / first.rows;
    const dtype: Dtype = denoiser.dtype === "any" ? dtypeOf(first.x) : denoiser.dtype;
    const alone = segments.length === 1 && rows === segments[0]!.waiting.rows ? first : undefined;
    const direct =
      alone && alone.guidance === undefined && dtypeOf(alone.x) === dtype && this.#unscaled(alone.level);

    const input = direct ? first.x : pool.take(dtype, rows * size);
    const output = pool.take(dtype, rows * size);
    try {
      const levels: Level[] = [];
      const labels = segments.some(({ waiting }) => waiting.evaluation.labels)
        ? new Int32Array(rows)
        : undefined;
      let row = 0;
      for (const { waiting, start, end } of segments) {
        const { evaluation } = waiting;
        if (!direct)
          gatherRows(
            denoiser,
            evaluation,
            start,
            end,
            input.subarray(row * size, (row + end - start) * size),
          );
        for (let i = start; i < end; i++, row++) {
          levels.push(evaluation.level);
          if (labels) labels[row] = labelOf(denoiser, evaluation, i);
        }
      }
      const begun = performance.now();
      await denoiser.evaluate({ rows, input, output, levels, labels });
      this.statistics.modelMilliseconds += performance.now() - begun;
      this.statistics.modelCalls++;
      this.statistics.modelRows += rows;
      row = 0;
      for (const segment of segments) {
        this.#deliver(segment, output.subarray(row * size, (row + segment.end - segment.start) * size), size);
        row += segment.end - segment.start;
      }
    } finally {
      if (!direct) pool.give(input);
      pool.give(output);
    }
  }

  /** Finishes an evaluation whose rows are all there; keeps the rows of one that is spread over several calls. */
  #deliver({ waiting, start, end }: Segment, emitted: Vector, size: number): void {
    const { evaluation, rows } = waiting;
    waiting.done += end - start;
    const whole = end - start === rows;
    const ready = whole && dtypeOf(emitted) === dtypeOf(evaluation.x);
    if (!ready) {
      waiting.emitted ??= this.pool.take(dtypeOf(evaluation.x), rows * size);
      waiting.emitted.set(emitted, start * size);
    }
    if (waiting.done < rows) return;
    try {
      finishEvaluation(this.denoiser, evaluation, ready ? emitted : waiting.emitted!, this.pool);
      this.#remove(waiting);
      waiting.resolve();
    } catch (error) {
      this.#fail(waiting, error);
    }
  }

  #unscaled(level: Level): boolean {
    return inputScale(this.denoiser.prediction, level, this.denoiser.process) === 1;
  }

  #dropAborted(): void {
    for (const waiting of [...this.#waiting]) {
      if (waiting.evaluation.signal?.aborted) this.#fail(waiting, aborted(waiting.evaluation.signal));
    }
  }

  #fail(waiting: Waiting, reason: unknown): void {
    if (this.#remove(waiting)) waiting.reject(reason);
  }

  #remove(waiting: Waiting): boolean {
    const index = this.#waiting.indexOf(waiting);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    if (waiting.emitted) this.pool.give(waiting.emitted);
    return true;
  }
}

/** The label of a model row: the second half of a guided evaluation is unconditional. */
function labelOf(denoiser: Denoiser, { labels, rows }: Evaluation, row: number): number {
  if (!labels || row >= rows) return denoiser.nullClass ?? 0;
  return labels[row]!;
}

export function aborted(signal: AbortSignal): QuenchError {
  return new QuenchError("ABORTED", "the request was aborted", { cause: signal.reason });
}
