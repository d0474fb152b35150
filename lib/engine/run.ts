import { type Backend, backendOf, type Vector } from "../device/index.js";
import { OverflowError, QuenchError, requireArgument, throwIfAborted } from "../errors.js";
import type { Vector as HostVector } from "../native/index.js";
import type { Level, PredictionForm } from "../process/index.js";
import type { Grid, GridStep } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import type { Diagnostics, Run, Step, Term } from "../solver/index.js";
import { applyThresholding, type Thresholding } from "../thresholding/index.js";
import { conditionsOf, type ResolvedConditions } from "./conditions.js";
import type { Evaluator } from "./evaluator.js";
import { follow } from "./followed-signals.js";
import { checkedNoise, type DrawnNoise, philoxNoise, torchNoise, uploadedNoise } from "./noise.js";
import { type OnPass, Passes } from "./passes.js";
import type { ResolvedRequest } from "./request.js";

/** What an observer is told after a step. Reading x or the prediction copies it. */
export interface StepReport {
  /** Index of the step just taken, from 0. */
  readonly index: number;
  readonly steps: number;
  /** Level reached. */
  readonly level: Level;
  /** Model evaluations per sample so far. */
  readonly evaluations: number;
  /** The state at `level`, rows × size. */
  x(): HostVector;
  /** The latest data prediction, rows × size. */
  prediction(): HostVector;
  /** What the solver measured in this step, e.g. EVODiff's zeta and eta per row; undefined where it measures nothing. */
  readonly diagnostics: Diagnostics | undefined;
}

/** One request (or one row of it) being sampled: gives the solver its world and takes the vectors back at the end. */
export class RunState {
  /** The state: where the solver left it last. */
  x: Vector;
  evaluations = 0;
  noiseMilliseconds = 0;
  modelMilliseconds = 0;
  transferMilliseconds = 0;
  readonly #backend: Backend;
  readonly #passes: Passes;
  readonly #ticket: number;
  readonly #conditions: ResolvedConditions | undefined;
  readonly #held: Vector[] = [];
  readonly #observed: Vector | undefined;
  /** Whether the state is part of another run's. */
  #isPart = false;
  #diagnostics: Diagnostics | undefined;
  /** Lets go of the request's signal. */
  #unfollow: (() => void) | undefined;
  #draw = 0;
  #stepsTaken = 0;
  #gram = new Float64Array(0);

  constructor(
    readonly evaluator: Evaluator,
    readonly request: ResolvedRequest,
    x?: Vector,
    readonly firstRow = 0,
    onPass?: OnPass,
    observed?: Vector,
  ) {
    this.#ticket = evaluator.ticket();
    const size = sizeOf(evaluator.denoiser.shape);
    const rows = x ? x.length / size : request.rows;
    this.#conditions = request.conditions && conditionsOf(request.conditions, firstRow, rows);
    this.#backend = x ? backendOf(x) : request.backend;
    this.#passes = new Passes(this.#backend, onPass);
    this.x = x ?? this.#hold(request.rows * size);
    if (request.onStep) this.#observed = observed ?? this.#hold(this.x.length);
  }

  /** One row as a run of its own, on its part of the state and of what is observed. */
  row(row: number): RunState {
    const size = sizeOf(this.evaluator.denoiser.shape);
    const part = (vector: Vector) => this.#backend.part(vector, row * size, (row + 1) * size);
    const observed = this.#observed && part(this.#observed);
    const run = new RunState(this.evaluator, this.request, part(this.x), row, undefined, observed);
    run.#isPart = true;
    return run;
  }

  /** Fills x with x_T: the first level's σ (or the scale asked for) times standard normals, or what the request brought. */
  initialise(noise: DrawnNoise, initial: ArrayLike<number> | undefined): void {
    if (initial) {
      this.#backend.upload(this.x, initial);
      return;
    }
    const begun = performance.now();
    noise.fill(this.x, 0);
    const { initialScale, grid } = this.request;
    this.#backend.combine(this.x, [[initialScale ?? grid.levels[0]!.sigma, this.x]], 1);
    this.noiseMilliseconds += performance.now() - begun;
  }

  /**
   * The solver's view of this run.
   * @param defers whether combinations may wait until {@link settle}: for who lets nobody else see the vectors before
   * @param steps those of the request's grid, where they are made already
   */
  view(noise: DrawnNoise, defers: boolean, steps: readonly Step[] = stepsOf(this.request.grid)): Run {
    const { request, evaluator, x } = this;
    const backend = this.#backend;
    const passes = this.#passes;
    const evaluate = async (...asked: Parameters<RunState["evaluate"]>) => {
      await this.evaluate(...asked);
      if (!defers) passes.settle();
    };
    const rows = x.length / sizeOf(evaluator.denoiser.shape);
    const errors = new Float64Array(rows);
    return {
      process: evaluator.denoiser.process,
      grid: request.grid,
      steps,
      x,
      rows,
      channels: evaluator.denoiser.shape.length > 1 ? evaluator.denoiser.shape[0]! : 1,
      vectors: ((count: number) =>
        Array.from({ length: count }, () => this.#hold(x.length))) as Run["vectors"],
      moveTo: (vector) => {
        requireArgument(
          !this.#isPart,
          "solver",
          "a solver whose samples run by themselves updates x in place: it cannot move to another vector",
        );
        this.x = vector;
      },
      data: (into, at, level) => evaluate(into, at, level, "data", request.thresholding),
      unthresholded: (into, at, level) => evaluate(into, at, level, "data", undefined),
      threshold: (m) => {
        passes.settle();
        if (request.thresholding) applyThresholding(m, request.thresholding, new Float64Array(rows));
      },
      noise: (into, at, level) => evaluate(into, at, level, "noise", request.thresholding),
      combine: (out, ...terms) => {
        passes.combine(out, terms, rowsOf(terms));
        if (!defers) passes.settle();
      },
      gram: (basis, gramRows, accumulate = "float64") => {
        const length = (gramRows * basis.length * (basis.length + 1)) / 2;
        if (this.#gram.length !== length) this.#gram = new Float64Array(length);
        passes.gram(this.#gram, basis, gramRows, accumulate);
        return this.#gram;
      },
      decide: (decision, measure) => {
        passes.decide(decision, measure);
        if (!defers) passes.settle();
      },
      normals: (into) => {
        passes.settleBefore(into);
        const begun = performance.now();
        noise.fill(into, ++this.#draw);
        this.noiseMilliseconds += performance.now() - begun;
      },
      fill: (into, value) => {
        passes.settle();
        backend.fill(into, value);
      },
      scaledErrors: (higher, lower, before, tolerance) => {
        passes.settle();
        backend.scaledErrors(errors, higher, lower, before, tolerance);
        return errors;
      },
      trace:
        request.onStep &&
        ((measured) => {
          this.#diagnostics = measured;
        }),
    };
  }

  report(step: Step, steps: number): StepReport {
    // A copy: solvers measure into the same arrays in every step. What they measured is there, as where somebody
    // listens nothing waits beyond a step.
    const diagnostics = this.#diagnostics && structuredClone(this.#diagnostics);
    this.#diagnostics = undefined;
    this.#stepsTaken = step.index + 1;
    return {
      index: step.index,
      steps,
      level: step.to,
      evaluations: this.evaluations,
      ...this.copies(),
      diagnostics,
    };
  }

  /** Copies of all rows. */
  copies(): Pick<StepReport, "x" | "prediction"> {
    return { x: () => this.#read(this.x), prediction: () => this.#read(this.#observed ?? this.x) };
  }

  /** Does what waits: the vectors are then what the solver has made of them. */
  settle(): void {
    this.#passes.settle();
  }

  /** Gives every vector back to the pool; x too unless it is someone else's. */
  release(): void {
    this.#unfollow?.();
    this.#passes.drop();
    for (const vector of this.#held) this.evaluator.pool.give(vector);
    this.#held.length = 0;
  }

  #read(vector: Vector): HostVector {
    this.settle();
    return this.#backend.read(vector).slice();
  }

  #hold(length: number): Vector {
    const vector = this.evaluator.pool.take(this.request.dtype, length, this.#backend);
    this.#held.push(vector);
    return vector;
  }

  /** Asks the model. What it emitted is the prediction after {@link settle}. */
  async evaluate(
    into: Vector,
    x: Vector,
    level: Level,
    form: PredictionForm,
    thresholding: Thresholding | undefined,
  ): Promise<void> {
    const rows = x.length / sizeOf(this.evaluator.denoiser.shape);
    const { signal, labels, guidance, priority } = this.request;
    throwIfAborted(signal);
    if (signal) this.#unfollow ??= follow(signal, () => this.evaluator.dropAborted());
    const ours = labels?.subarray(this.firstRow, this.firstRow + rows);
    this.settle();
    this.evaluations++;
    // As of now: what the model emitted may be looked at steps later.
    const [step, evaluation] = [this.#stepsTaken + 1, this.evaluations];
    const where = () => `step ${step}, evaluation ${evaluation}`;
    try {
      const { model, transfer } = await this.evaluator.evaluate({
        x,
        into,
        level,
        form,
        rows,
        labels: ours,
        conditions: this.#conditions,
        guidance,
        thresholding,
        observed: this.#observed,
        passes: this.#passes,
        where,
        signal,
        priority,
        ticket: this.#ticket,
      });
      this.modelMilliseconds += model;
      this.transferMilliseconds += transfer;
    } catch (error) {
      if (!(error instanceof QuenchError) || error.code !== "MODEL_FAILED") throw error;
      if (error.where !== undefined || error instanceof OverflowError) throw error;
      throw new QuenchError("MODEL_FAILED", error.message, { where: where(), cause: error });
    }
  }
}

/** A solver's view of the same request on another state and grid. */
export function within(run: Run, x: Vector, grid: Grid): Run {
  return { ...run, x, grid, steps: stepsOf(grid) };
}

/** The noise of rows [first, first + rows) of a request. */
export function noiseOf(
  { noise, rng, initial, ...keys }: ResolvedRequest,
  first: number,
  rows: number,
): DrawnNoise {
  const seeds = keys.seeds.subarray(first, first + rows);
  const samples = keys.samples.subarray(first, first + rows);
  if (noise) return uploadedNoise(checkedNoise(noise));
  return rng === "torch-cpu"
    ? uploadedNoise(torchNoise(seeds, samples, initial ? 1 : 0))
    : philoxNoise(seeds, samples);
}

export function stepsOf({ levels, steps }: Pick<Grid, "levels" | "steps">): Step[] {
  return Array.from({ length: levels.length - 1 }, (_, index) => {
    const { from, to, at } = steps?.[index] ?? plainStep(levels, index);
    return {
      ...(at ? { at } : {}),
      index,
      from,
      to,
      h: to.lambda - from.lambda,
      isFirst: index === 0,
      isLast: index === levels.length - 2,
    };
  });
}

function plainStep(levels: readonly Level[], index: number): GridStep {
  return { from: levels[index]!, to: levels[index + 1]! };
}

/** Coefficients given per row or per element say themselves how many rows there are. */
function rowsOf(terms: readonly Term[]): number {
  for (const [coefficient, vector] of terms) {
    if (coefficient instanceof Float64Array) return coefficient.length;
    if (typeof coefficient !== "number") return vector.length / coefficient.perElement.length;
  }
  return 1;
}
