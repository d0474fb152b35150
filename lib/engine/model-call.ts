import type { Denoiser, RowConditions } from "../denoiser/denoiser.js";
import { modelFailed } from "../denoiser/model-failed.js";
import {
  type Backend,
  backendOf,
  type Dtype,
  dtypeOf,
  hostBackend,
  isHostVector,
  type TargetRows,
  type Vector,
} from "../device/index.js";
import { QuenchError } from "../errors.js";
import type { Vector as HostVector } from "../native/index.js";
import { inputScale, type Level } from "../process/index.js";
import { BatchBuffer } from "./batch-buffer.js";
import { type Evaluation, finishEvaluation, sourceRows } from "./evaluation.js";
import type { VectorPool } from "./pool.js";
import type { Tick } from "./statistics.js";

/** Milliseconds that an evaluation's rows account for. */
export interface EvaluationTime {
  readonly model: number;
  readonly transfer: number;
}

/** An evaluation that has been asked for, and how far the model has got through its rows. */
export class PendingEvaluation {
  /** Rows that have gone into a call, and that have come back. */
  taken = 0;
  done = 0;
  /** Milliseconds of model calls, and of transfers to and from a device, that its rows account for. */
  readonly time = { model: 0, transfer: 0 };
  /** Holds what the model emitted where it cannot be read where the model left it. */
  emitted: Vector | undefined;
  settled = false;

  constructor(
    readonly evaluation: Evaluation,
    readonly rows: number,
    readonly pool: VectorPool,
    readonly promise: {
      readonly resolve: (time: EvaluationTime) => void;
      readonly reject: (reason: unknown) => void;
    },
  ) {}

  resolve(): void {
    this.#settle(() => this.promise.resolve(this.time));
  }

  reject(reason: unknown): void {
    this.#settle(() => this.promise.reject(reason));
  }

  /** Resolves or rejects exactly once. */
  #settle(settle: () => void): void {
    if (this.settled) return;
    this.settled = true;
    if (this.emitted) this.pool.give(this.emitted);
    settle();
  }
}

/** Rows [start, end) of one evaluation inside a model call. */
export interface Segment {
  readonly pending: PendingEvaluation;
  readonly start: number;
  readonly end: number;
}

/** What a model call reads and writes, and what cards read and write before and after it, at their own time. */
export class CallBuffers {
  readonly input = new BatchBuffer();
  readonly output = new BatchBuffer();
  readonly #users = new Set<Backend>();

  usedBy(backends: readonly Backend[]): void {
    for (const backend of backends) this.#users.add(backend);
  }

  /** Waits until nobody uses them. */
  settle(): void {
    for (const backend of this.#users) {
      this.#users.delete(backend);
      backend.settle();
    }
  }
}

/** Runs a call of the denoiser, and ends after it. */
export type AroundCall = (call: () => Promise<void>) => Promise<void>;

/** One call of the model, for rows of one or many evaluations: gathered, run, and handed out. */
export class ModelCall {
  readonly rows: number;
  /** Where the rows come from; if one of them is a GPU, that GPU. */
  readonly device: Backend;
  readonly #backends: readonly Backend[];
  readonly #size: number;
  readonly #input: HostVector;
  readonly #output: HostVector;
  readonly #levels: Level[] = [];
  readonly #labels: Int32Array | undefined;
  readonly #conditions: RowConditions[] | undefined;
  #model = 0;
  #transfer = 0;
  /** Milliseconds of this thread beside the model's. */
  #own = 0;

  /**
   * Sets the rows on their way into the buffers; those of a card are there when {@link run} has waited for them.
   * @param writesInto whether the model may write where a whole request wants its prediction, which then is turned into it
   * in place: two thirds of the memory that a step works on. Only where nobody else is given that vector while a call
   * that its request has given up goes on
   */
  constructor(
    readonly denoiser: Denoiser,
    readonly segments: readonly Segment[],
    dtype: Dtype,
    readonly buffers: CallBuffers,
    writesInto: boolean,
  ) {
    const begun = performance.now();
    this.rows = segments.reduce((sum, { start, end }) => sum + end - start, 0);
    const { evaluation: first, rows: firstRows } = segments[0]!.pending;
    const size = first.x.length / first.rows;
    this.#size = size;
    this.#backends =
      segments.length === 1
        ? [backendOf(first.x)]
        : [...new Set(segments.map(({ pending }) => backendOf(pending.evaluation.x)))];
    this.device = this.#backends.find((backend) => backend !== hostBackend) ?? hostBackend;
    const isWhole =
      segments.length === 1 &&
      this.rows === firstRows &&
      first.guidance === undefined &&
      dtypeOf(first.x) === dtype;
    // One whole request goes to the model as it is: nothing to gather, nothing to scale, no copy.
    const direct =
      isWhole &&
      isHostVector(first.x) &&
      inputScale(denoiser.prediction, first.level, denoiser.process) === 1 &&
      first.x;
    this.#input = direct || buffers.input.view(dtype, this.rows * size, this.device);
    const into = writesInto && isWhole && isHostVector(first.into) && first.into !== first.x && first.into;
    this.#output = into || buffers.output.view(dtype, this.rows * size, this.device);
    this.#labels = denoiser.classes ? new Int32Array(this.rows) : undefined;
    this.#conditions = denoiser.conditions && segments.some(brings) ? [] : undefined;
    buffers.usedBy(this.#backends);
    if (!direct) this.#gather();
    for (const { pending, start, end } of segments) {
      for (let i = start; i < end; i++) {
        if (this.#labels) this.#labels[this.#levels.length] = labelOf(denoiser, pending.evaluation, i);
        this.#conditions?.push(conditionsAt(pending.evaluation, i));
        this.#levels.push(pending.evaluation.level);
      }
    }
    this.#own = performance.now() - begun;
  }

  /** Whether anybody still waits for it. */
  get isWanted(): boolean {
    return this.segments.some(({ pending }) => !pending.settled);
  }

  get tick(): Tick {
    return { rows: this.rows, call: this.#model, total: this.#own + this.#model };
  }

  /** Waits for what is on its way to or from the buffers, and calls the model. */
  async run(around: AroundCall): Promise<void> {
    const { denoiser, rows } = this;
    const settling = performance.now();
    const transferred = () => this.#backends.reduce((sum, backend) => sum + backend.transferMilliseconds, 0);
    const before = transferred();
    this.buffers.settle();
    this.#transfer = transferred() - before;
    const begun = performance.now();
    this.#own += begun - settling;
    const [input, output, levels, labels] = [this.#input, this.#output, this.#levels, this.#labels];
    const conditions = this.#conditions;
    let answered = false;
    await around(async () => {
      try {
        await denoiser.evaluate({ rows, input, output, levels, labels, conditions });
      } catch (cause) {
        throw this.#detached ?? modelFailed(denoiser.name, cause);
      }
      if (this.#detached) throw this.#detached;
      answered = true;
    });
    if (!answered)
      throw new QuenchError("MODEL_FAILED", "aroundCall ended before the call that it was given");
    this.#model = performance.now() - begun;
  }

  /** A model that hands its batch to a worker may move the buffers there instead of copying them. */
  get #detached(): QuenchError | undefined {
    if (this.#input.length > 0 && this.#output.length > 0) return undefined;
    const { name } = this.denoiser;
    const message = `"${name}" detached the buffers of its batch: it may copy them, but not transfer them`;
    return new QuenchError("MODEL_FAILED", message);
  }

  /** Takes what the model emitted to its evaluations, and finishes those whose rows are all there. */
  finish(pool: VectorPool): void {
    const begun = performance.now();
    this.buffers.usedBy(this.#backends);
    const arrived = this.#scatter(pool);
    // After all are on their way, so that a device finishes one request while the next one's numbers arrive.
    for (const [i, { pending }] of this.segments.entries()) {
      if (pending.settled || pending.done < pending.rows) continue;
      try {
        const emitted = arrived[i]!;
        finishEvaluation(this.denoiser, pending.evaluation, emitted, emitted !== pending.emitted, pool);
        pending.resolve();
      } catch (error) {
        pending.reject(error);
      }
    }
    this.#own += performance.now() - begun;
  }

  reject(reason: unknown): void {
    for (const { pending } of this.segments) pending.reject(reason);
  }

  #gather(): void {
    for (const backend of this.#backends) {
      let row = 0;
      const sources = this.segments.flatMap(({ pending: { evaluation }, start, end }) => {
        const here = row;
        row += end - start;
        return backendOf(evaluation.x) === backend
          ? sourceRows(this.denoiser, evaluation, start, end, here)
          : [];
      });
      backend.gather(this.#input, this.#size, sources);
    }
  }

  /**
   * What each segment's evaluation can read: what the model emitted, as it is, where that is the host and nothing is
   * missing; else a vector that is kept until all rows of an evaluation spread over several calls are there.
   */
  #scatter(pool: VectorPool): Vector[] {
    const targets = new Map<Backend, TargetRows[]>();
    let row = 0;
    const arrived = this.segments.map(({ pending, start, end }): Vector => {
      const [first, count, size] = [row, end - start, this.#size];
      row += count;
      const emitted = count === this.rows ? this.#output : this.#output.subarray(first * size, row * size);
      if (pending.settled) return emitted;
      pending.done += count;
      pending.time.model += (this.#model * count) / this.rows;
      pending.time.transfer += (this.#transfer * count) / this.rows;
      const { x } = pending.evaluation;
      const backend = backendOf(x);
      if (backend === hostBackend && count === pending.rows && dtypeOf(emitted) === dtypeOf(x))
        return emitted;
      pending.emitted ??= pool.take(dtypeOf(x), pending.rows * size, backend);
      const target = backend.part(pending.emitted, start * size, end * size);
      const rows = targets.get(backend) ?? [];
      rows.push({ target, row: first });
      targets.set(backend, rows);
      return pending.emitted;
    });
    for (const [backend, rows] of targets) backend.scatter(this.#output, this.#size, rows);
    return arrived;
  }
}

function brings({ pending }: Segment): boolean {
  return pending.evaluation.conditions !== undefined;
}

const none: RowConditions = new Map();

/** What a model row is told by its request: the second half of a guided evaluation is unconditional. */
function conditionsAt({ conditions, rows }: Evaluation, row: number): RowConditions {
  return (row < rows ? conditions?.samples[row] : conditions?.nulls[row - rows]) ?? none;
}

/** The label of a model row: the second half of a guided evaluation is unconditional. */
function labelOf(denoiser: Denoiser, { labels, rows }: Evaluation, row: number): number {
  if (!labels || row >= rows) return denoiser.nullClass ?? 0;
  return labels[row]!;
}
