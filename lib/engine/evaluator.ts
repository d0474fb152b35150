import { setImmediate as turn } from "node:timers/promises";
import type { Denoiser } from "../denoiser/denoiser.js";
import { type Dtype, dtypeOf, hostBackend } from "../device/index.js";
import { aborted } from "../errors.js";
import type { Evaluation } from "./evaluation.js";
import { modelRowsPerSample } from "./guidance.js";
import {
  type AroundCall,
  CallBuffers,
  type EvaluationTime,
  ModelCall,
  PendingEvaluation,
  type Segment,
} from "./model-call.js";
import type { VectorPool } from "./pool.js";
import type { Tick } from "./statistics.js";

export interface EvaluatorOptions {
  /** Most rows in one model call. Default: no limit. */
  readonly maxBatch?: number;
  /** Told of every model call. */
  readonly onTick?: (tick: Tick) => void;
  /** Of a worker, whose host tells by requests that do not end that a call hangs: aborted ones end with their call. */
  readonly aroundCall?: AroundCall;
  /** Only one run asks here, one evaluation at a time: nobody is waited for. Default false. */
  readonly alone?: boolean;
}

/**
 * Gathers the evaluations of all running requests, whatever step each is at, into model calls. A call starts in the
 * event loop's next turn, when every request that can ask has asked; there are no timers. Where only one run asks, that
 * turn is left out if the model's own call has had one: every evaluation gives the event loop a turn, whatever the
 * model is.
 *
 * With a card, transfers take time that the model need not wait for. While a call runs there, the next one's rows are
 * gathered, if enough for a full one wait already, and the last one's results are handed out:
 *
 *     model      | call 1 | call 2            | call 3
 *     this thread: gather 2  gather 3, finish 1  gather 4, finish 2
 */
export class Evaluator {
  #pending: PendingEvaluation[] = [];
  readonly #maxBatch: number;
  readonly #onTick: EvaluatorOptions["onTick"];
  readonly #aroundCall: AroundCall;
  readonly #alone: boolean;
  readonly #dropsAtOnce: boolean;
  /** Whether the event loop has had its turn since the last call began; kept where one run is alone. */
  #turned = false;
  /** Calls that overlap take turns in two. */
  readonly #buffers = [new CallBuffers(), new CallBuffers()] as const;
  #running = false;
  /** Told when no call runs. */
  #idle: (() => void)[] = [];
  #tickets = 0;

  constructor(
    readonly denoiser: Denoiser,
    readonly pool: VectorPool,
    options: EvaluatorOptions = {},
  ) {
    this.#maxBatch = options.maxBatch ?? Infinity;
    this.#onTick = options.onTick;
    this.#aroundCall = options.aroundCall ?? ((call) => call());
    this.#alone = options.alone ?? false;
    this.#dropsAtOnce = options.aroundCall === undefined;
  }

  /** A request's place in line: lower is older. */
  ticket(): number {
    return this.#tickets++;
  }

  /** Resolves when `evaluation.into` is written, or will be before anything that comes after it reads it. */
  evaluate(evaluation: Evaluation): Promise<EvaluationTime> {
    return new Promise((resolve, reject) => {
      const rows = evaluation.rows * modelRowsPerSample(evaluation.guidance);
      this.#pending.push(new PendingEvaluation(evaluation, rows, this.pool, { resolve, reject }));
      this.#schedule();
    });
  }

  /**
   * Rejects the evaluations whose request was aborted, at once where that is wanted: a call that is under way goes on without
   * them. A model only reads what it is given, so that their vectors may be others' meanwhile.
   */
  dropAborted(): void {
    if (this.#dropsAtOnce) this.#dropSettled();
  }

  /** Resolves when no call is under way, and nobody waits for one. */
  idle(): Promise<void> {
    if (!this.#running) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#running) return;
    this.#running = true;
    if (this.#turned) void this.#run();
    else setImmediate(() => void this.#run());
  }

  /** One call, and as many after it as can be prepared while the one before runs. */
  async #run(): Promise<void> {
    let unfinished: ModelCall | undefined;
    let [buffers, spare] = this.#buffers;
    let call = this.#next(1, buffers);
    while (call?.isWanted) {
      if (this.#alone) this.#watchTurn();
      const ended = call.run(this.#aroundCall).then(
        () => true,
        (error: unknown) => void call!.reject(error),
      );
      const following = call.device === hostBackend ? undefined : this.#next(this.#maxBatch, spare);
      if (unfinished) this.#finish(unfinished);
      unfinished = (await ended) ? call : undefined;
      call = following;
      [buffers, spare] = [spare, buffers];
      // Whoever else has work in this thread gets on with it, as between calls that are not prepared.
      if (call) await turn();
      this.#dropSettled();
    }
    if (unfinished) this.#finish(unfinished);
    if (call) this.#discard(call);
    this.#dropSettled();
    this.#running = false;
    if (this.#pending.length > 0) this.#schedule();
    else for (const resolve of this.#idle.splice(0)) resolve();
  }

  #watchTurn(): void {
    this.#turned = false;
    setImmediate(() => {
      this.#turned = true;
    });
  }

  /** The next call, its rows on their way; undefined where fewer than `least` rows wait. */
  #next(least: number, buffers: CallBuffers): ModelCall | undefined {
    this.#dropSettled();
    const segments = this.#take(least);
    if (segments.length === 0) return undefined;
    try {
      const dtype = this.#callType(segments[0]!.pending.evaluation);
      return new ModelCall(this.denoiser, segments, dtype, buffers, this.#alone);
    } catch (error) {
      for (const { pending } of segments) pending.reject(error);
      return undefined;
    }
  }

  /** Ends a call that nobody wants any more, unrun. A card that fails here fails nobody: the next call will say so. */
  #discard({ buffers }: ModelCall): void {
    try {
      buffers.settle();
    } catch {}
  }

  #finish(call: ModelCall): void {
    try {
      call.finish(this.pool);
      this.#onTick?.(call.tick);
    } catch (error) {
      call.reject(error);
    }
  }

  /** Forgets evaluations that have ended, those whose request was aborted too. */
  #dropSettled(): void {
    for (const pending of this.#pending) {
      const { signal } = pending.evaluation;
      if (signal?.aborted) pending.reject(aborted(signal));
    }
    if (this.#pending.some(({ settled }) => settled))
      this.#pending = this.#pending.filter(({ settled }) => !settled);
  }

  /**
   * Highest priority first, then the oldest request, up to the largest batch. A model that takes either dtype is
   * called with one at a time, so that nobody's precision depends on who else asks.
   */
  #take(least: number): Segment[] {
    this.#pending.sort(
      ({ evaluation: a }, { evaluation: b }) => b.priority - a.priority || a.ticket - b.ticket,
    );
    const open = this.#pending.filter(({ taken, rows }) => taken < rows);
    const segments: Segment[] = [];
    let room = this.#maxBatch;
    let count = 0;
    const dtype = open[0] && this.#callType(open[0].evaluation);
    for (const pending of open) {
      if (room === 0) break;
      if (this.#callType(pending.evaluation) !== dtype) continue;
      const { taken: start, rows } = pending;
      const end = Math.min(rows, start + room);
      segments.push({ pending, start, end });
      room -= end - start;
      count += end - start;
    }
    if (count < least) return [];
    for (const { pending, end } of segments) pending.taken = end;
    return segments;
  }

  #callType({ x }: Evaluation): Dtype {
    return this.denoiser.dtype === "any" ? dtypeOf(x) : this.denoiser.dtype;
  }
}
