import type { Denoiser } from "../denoiser/denoiser.js";
import { backendOf, type Dtype, dtypeOf, hostBackend, isHostVector, type Vector } from "../device/index.js";
import { QuenchError } from "../errors.js";
import type { Vector as HostVector } from "../native/index.js";
import { inputScale, type Level } from "../process/index.js";
import { BatchBuffer } from "./batch-buffer.js";
import { type Evaluation, finishEvaluation, gatherRows, modelRows } from "./evaluation.js";
import type { VectorPool } from "./pool.js";
import type { Tick } from "./statistics.js";

/** Milliseconds that an evaluation's rows account for. */
export interface EvaluationTime {
  readonly model: number;
  readonly transfer: number;
}

/** An evaluation in the queue, with how far the model has got through its rows. */
interface Waiting {
  readonly evaluation: Evaluation;
  readonly rows: number;
  taken: number;
  done: number;
  /** Milliseconds of model calls, and of transfers to and from a device, that its rows account for. */
  readonly time: { model: number; transfer: number };
  /** Holds what the model emitted when the rows are spread over several calls. */
  emitted: Vector | undefined;
  settled: boolean;
  readonly resolve: (time: EvaluationTime) => void;
  readonly reject: (reason: unknown) => void;
}

/** Rows [start, end) of one evaluation inside a model call. */
interface Segment {
  readonly waiting: Waiting;
  readonly start: number;
  readonly end: number;
}

/** Runs a call of the denoiser. */
export type AroundCall = (call: () => Promise<void>) => Promise<void>;

export interface EvaluatorOptions {
  /** Most rows in one model call. Default: no limit. */
  readonly maxBatch?: number;
  /** Told of every model call. */
  readonly onTick?: (tick: Tick) => void;
  readonly aroundCall?: AroundCall;
}

/**
 * Gathers the evaluations of all running requests, whatever step each is at, into model calls. A call starts in
 * the event loop's next turn, when every request that can ask has asked; there are no timers.
 */
export class Evaluator {
  #waiting: Waiting[] = [];
  readonly #maxBatch: number;
  readonly #onTick: EvaluatorOptions["onTick"];
  readonly #aroundCall: AroundCall;
  readonly #input = new BatchBuffer();
  readonly #output = new BatchBuffer();
  #running = false;
  #tickets = 0;

  constructor(
    readonly denoiser: Denoiser,
    readonly pool: VectorPool,
    options: EvaluatorOptions = {},
  ) {
    this.#maxBatch = options.maxBatch ?? Infinity;
    this.#onTick = options.onTick;
    this.#aroundCall = options.aroundCall ?? ((call) => call());
  }

  /** A request's place in line: lower is older. */
  ticket(): number {
    return this.#tickets++;
  }

  /** Resolves when `evaluation.into` is written, or will be before anything that comes after it reads it. */
  evaluate(evaluation: Evaluation): Promise<EvaluationTime> {
    return new Promise((resolve, reject) => {
      const rows = modelRows(evaluation);
      this.#waiting.push({
        evaluation,
        rows,
        taken: 0,
        done: 0,
        time: { model: 0, transfer: 0 },
        emitted: undefined,
        settled: false,
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
    for (const waiting of this.#waiting) {
      const { signal } = waiting.evaluation;
      if (signal?.aborted) this.#settle(waiting, () => waiting.reject(aborted(signal)));
    }
    this.#waiting = this.#waiting.filter(({ settled }) => !settled);
    const segments = this.#take();
    if (segments.length > 0) {
      try {
        await this.#call(segments);
      } catch (error) {
        for (const { waiting } of segments) this.#settle(waiting, () => waiting.reject(error));
      }
    }
    this.#waiting = this.#waiting.filter(({ settled }) => !settled);
    this.#running = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  /**
   * Highest priority first, then the oldest request, up to the largest batch. A model that takes either dtype is
   * called with one at a time, so that nobody's precision depends on who else asks.
   */
  #take(): Segment[] {
    this.#waiting.sort(
      ({ evaluation: a }, { evaluation: b }) => b.priority - a.priority || a.ticket - b.ticket,
    );
    const segments: Segment[] = [];
    let room = this.#maxBatch;
    const dtype = this.#waiting[0] && this.#callType(this.#waiting[0].evaluation);
    for (const waiting of this.#waiting) {
      if (this.#callType(waiting.evaluation) !== dtype) continue;
      const count = Math.min(room, waiting.rows - waiting.taken);
      if (count === 0) continue;
      segments.push({ waiting, start: waiting.taken, end: waiting.taken + count });
      waiting.taken += count;
      room -= count;
    }
    return segments;
  }

  async #call(segments: readonly Segment[]): Promise<void> {
    const { denoiser } = this;
    const ticked = performance.now();
    const rows = segments.reduce((sum, { start, end }) => sum + end - start, 0);
    const { evaluation: first, rows: firstRows } = segments[0]!.waiting;
    const size = first.x.length / first.rows;
    const dtype = this.#callType(first);
    const backends = [...new Set(segments.map(({ waiting }) => backendOf(waiting.evaluation.x)))];
    const device = backends.find((backend) => backend !== hostBackend) ?? hostBackend;
    const transferred = () => backends.reduce((sum, backend) => sum + backend.transferMilliseconds, 0);
    const before = transferred();
    // One whole request goes to the model as it is: nothing to gather, nothing to scale, no copy.
    const direct =
      segments.length === 1 &&
      rows === firstRows &&
      first.guidance === undefined &&
      dtypeOf(first.x) === dtype &&
      isHostVector(first.x) &&
      inputScale(denoiser.prediction, first.level, denoiser.process) === 1 &&
      first.x;

    const input = direct || this.#input.view(dtype, rows * size, device);
    const output = this.#output.view(dtype, rows * size, device);
    const levels: Level[] = [];
    const labels = denoiser.classes ? new Int32Array(rows) : undefined;
    for (const { waiting, start, end } of segments) {
      const { evaluation } = waiting;
      const row = levels.length;
      if (!direct)
        gatherRows(denoiser, evaluation, start, end, input.subarray(row * size, (row + end - start) * size));
      for (let i = start; i < end; i++) {
        if (labels) labels[levels.length] = labelOf(denoiser, evaluation, i);
        levels.push(evaluation.level);
      }
    }

    for (const backend of backends) backend.settle();
    const transfer = transferred() - before;

    const begun = performance.now();
    await this.#aroundCall(() => denoiser.evaluate({ rows, input, output, levels, labels }));
    const milliseconds = performance.now() - begun;
    let row = 0;
    const arrived = segments.map((segment) => {
      const count = segment.end - segment.start;
      segment.waiting.time.model += (milliseconds * count) / rows;
      segment.waiting.time.transfer += (transfer * count) / rows;
      const emitted = output.subarray(row * size, (row + count) * size);
      row += count;
      return this.#arrive(segment, emitted, size);
    });
    // After all are on their way, so that a device finishes one request while the next one's numbers arrive.
    for (const [i, segment] of segments.entries()) this.#deliver(segment, arrived[i]!);
    this.#onTick?.({ rows, call: milliseconds, total: performance.now() - ticked });
  }

  #callType({ x }: Evaluation): Dtype {
    return this.denoiser.dtype === "any" ? dtypeOf(x) : this.denoiser.dtype;
  }

  /**
   * Takes what the model emitted to where the evaluation's vectors are: as it is where that is the host and nothing is
   * missing, else to a vector that is kept until all rows of an evaluation spread over several calls are there.
   */
  #arrive({ waiting, start, end }: Segment, emitted: HostVector, size: number): Vector {
    const { evaluation, rows } = waiting;
    const dtype = dtypeOf(evaluation.x);
    const backend = backendOf(evaluation.x);
    if (waiting.settled) return emitted;
    waiting.done += end - start;
    if (backend === hostBackend && end - start === rows && dtypeOf(emitted) === dtype) return emitted;
    waiting.emitted ??= this.pool.take(dtype, rows * size, backend);
    backend.upload(backend.part(waiting.emitted, start * size, end * size), emitted);
    return waiting.emitted;
  }

  /** Finishes an evaluation whose rows are all there. */
  #deliver({ waiting }: Segment, emitted: Vector): void {
    if (waiting.settled || waiting.done < waiting.rows) return;
    try {
      finishEvaluation(this.denoiser, waiting.evaluation, emitted, this.pool);
      this.#settle(waiting, () => waiting.resolve(waiting.time));
    } catch (error) {
      this.#settle(waiting, () => waiting.reject(error));
    }
  }

  /** Resolves or rejects exactly once. */
  #settle(waiting: Waiting, settle: () => void): void {
    if (waiting.settled) return;
    waiting.settled = true;
    if (waiting.emitted) this.pool.give(waiting.emitted);
    settle();
  }
}

/** The label of a model row: the second half of a guided evaluation is unconditional. */
function labelOf(denoiser: Denoiser, { labels, rows }: Evaluation, row: number): number {
  if (!labels || row >= rows) return denoiser.nullClass ?? 0;
  return labels[row]!;
}

/** The error of an aborted request: the signal's own reason where that is one of ours (a deadline). */
export function aborted(signal: AbortSignal): QuenchError {
  if (signal.reason instanceof QuenchError) return signal.reason;
  return new QuenchError("ABORTED", "the request was aborted", { cause: signal.reason });
}
