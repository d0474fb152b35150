import type { z } from "zod";
import type { Accumulate, BasisElement, Measure, Term, Vector } from "../device/index.js";
import { requireArgument } from "../errors.js";
import type { Decision, Tolerance } from "../native/index.js";
import type { Level, PredictionForm, Process } from "../process/index.js";
import type { Grid, GridMaker } from "../schedule/index.js";

/** From level s = `from` to level t = `to`. */
export interface Interval {
  readonly from: Level;
  readonly to: Level;
}

/** One step of a grid. */
export interface Step extends Interval {
  readonly index: number;
  /** λ_t − λ_s > 0; +∞ on a last step to σ = 0. */
  readonly h: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Level the step's evaluation is for, where a grid of explicit steps names another than `from`. */
  readonly at?: Level;
}

/** A coefficient and the vector it multiplies; with one coefficient per row, a row is a sample or a channel. */
export type { Term } from "../device/index.js";

/** As many vectors as a number says: a tuple where the compiler knows it. */
export type Vectors<N extends number> = number extends N ? Vector[] : Tuple<N>;
/** N vectors. */
export type Tuple<N extends number, T extends readonly Vector[] = []> = T["length"] extends N
  ? T
  : Tuple<N, [...T, Vector]>;

/** A grid as a solver's own `grid` may have made it. */
export interface SolverGrid extends Grid {
  /** Order of each step, for single-step solvers that mix orders to spend their evaluations. */
  readonly orders?: readonly number[];
}

/** What a solver sees of the world while it samples: its grid, its state, and the few things it may do. */
export interface Run {
  readonly process: Process;
  readonly grid: SolverGrid;
  readonly steps: readonly Step[];
  /** The state, rows × size; begins as x_T. Solvers update it in place, or say where it is: {@link moveTo}. */
  readonly x: Vector;
  readonly rows: number;
  /** Channels of one sample: the first entry of its shape; a flat sample is one channel. */
  readonly channels: number;
  /** Vectors like the state, from the pool; theirs until the run ends. Contents undefined. */
  vectors<N extends number>(count: N): Vectors<N>;
  /**
   * The state is now this vector, one of the run's own; the memory it leaves is the solver's in exchange.
   * @throws QuenchError INVALID_ARGUMENT where samples run by themselves ({@link SolverDefinition.perSample})
   */
  moveTo(vector: Vector): void;
  /** Evaluates the model and writes the data prediction x̂_0, guided and thresholded as the request asks. */
  data(into: Vector, x: Vector, at: Level): Promise<void>;
  /** As {@link data}, before thresholding: for solvers that also need the model's own prediction. */
  unthresholded(into: Vector, x: Vector, at: Level): Promise<void>;
  /** Thresholds a data prediction in place as the request asks, which may be not at all. */
  threshold(m: Vector): void;
  /** Evaluates the model and writes the noise prediction ε̂, re-derived from x̂_0 where that was thresholded. */
  noise(into: Vector, x: Vector, at: Level): Promise<void>;
  /**
   * out = Σ c_k v_k over at most eight terms, left to right; `out` may be one of the vectors. Combines that follow one
   * another are done together, when the run does something else: until then coefficients in arrays must not change.
   */
  combine(out: Vector, ...terms: readonly Term[]): void;
  /**
   * All pairwise inner products per row of up to six vectors or differences [a, b] = a − b: rows × K(K+1)/2 numbers,
   * the upper triangle packed row by row. The array is reused by the next call. Default "float64"; "blocked" is faster,
   * and good where differences are basis elements and need not be formed from the products: see {@link Accumulate}.
   */
  gram(basis: readonly BasisElement[], rows: number, accumulate?: Accumulate): Float64Array;
  /**
   * Lets a formula of native/reduced_entropy make coefficients of inner products, for combines after it. It waits with
   * the combines before and after; what it writes is there when they are done.
   * @param measure where the formula needs products: of the {@link gram} of this basis the first number and the last
   * column. One pass through memory with what waits where the arithmetic is "blocked", the basis (m0, [m0, m1], [mt,
   * m0]) or that after a vector, and a row's part of all vectors fits into a near cache.
   */
  decide(decision: Decision, measure?: Measure): void;
  /** Fills a vector with the next standard normals of each sample's own stream. */
  normals(into: Vector): void;
  /** Fills a vector with one number. */
  fill(into: Vector, value: number): void;
  /**
   * How far two steps lie apart in units of a tolerance: per row the root mean square of (higher − lower)/max(absolute,
   * relative max(|lower|, |before|)). The array is reused by the next call.
   */
  scaledErrors(higher: Vector, lower: Vector, before: Vector, tolerance: Tolerance): Float64Array;
  /** Tells an observer what this step measured, one number per row, when the step is done; undefined where nobody listens. */
  readonly trace: ((measured: Diagnostics) => void) | undefined;
}

/** What a solver measured in a step, by name: for adaptive solvers their factors, one number per row. */
export type Diagnostics = Readonly<Record<string, Float64Array>>;

/** A convergence order as test/solver/order.test.ts measures it, and why it is not the one claimed. */
export interface MeasuredOrder {
  readonly order: number;
  readonly reason: string;
}

/** A request as {@link SolverDefinition.check} sees it. */
export interface AskedRun {
  readonly model: { readonly name: string; readonly hash?: string };
  readonly grid: SolverGrid;
  readonly guidance: number | undefined;
  readonly thresholding: object | undefined;
}

/** What a registry entry says of a solver, for the CLI, the docs and the tests. */
export interface SolverDefinition<Options extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** Paper and equation. */
  readonly source: string;
  readonly stochastic: boolean | ((options: z.infer<Options>) => boolean);
  /** Options with defaults and descriptions. */
  readonly options: Options;
  /** Convergence order claimed for the ODE; measured beside it in docs/solvers.md. */
  order(options: z.infer<Options>): number;
  /** Option sets besides the defaults whose order is worth measuring. */
  readonly orderCases?: readonly z.input<Options>[];
  /** The order measured, where it is not the one claimed, and why. */
  measuredOrder?(options: z.infer<Options>): MeasuredOrder | undefined;
  /** Model evaluations for `steps` steps; undefined where error control decides. */
  evaluations(steps: number, options: z.infer<Options>): number | undefined;
  /** The most there can be, where error control decides: beyond it the solver gives up with an error. */
  mostEvaluations?(options: z.infer<Options>): number;
  /** Vectors held besides the state, in a run of `steps` steps. */
  vectors(options: z.infer<Options>, steps: number): number;
  readonly predicts: PredictionForm | ((options: z.infer<Options>) => PredictionForm);
  /** Fewest steps it can do. Default 1. */
  readonly minimumSteps?: number;
  /** Whether the grid ends with a step to σ = 0 unless the request says otherwise. Default "min". */
  readonly final?: "min" | "zero";
  /** True where control flow depends on the sample (error control): each sample then runs as a run of its own. */
  readonly perSample?: boolean | ((options: z.infer<Options>) => boolean);
  /** Whether it has a step from pure noise, α = 0 and λ = −∞, where a noise prediction says nothing of the data. */
  readonly fromPureNoise?: boolean;
  /** The grid for `steps`, where it is not simply one of `steps` intervals. */
  grid?(make: GridMaker, steps: number, options: z.infer<Options>, process: Process): SolverGrid;
  /** Refuses, before any model call, a request that the options were not measured for. */
  check?(asked: AskedRun, options: z.infer<Options>): void;
  /** The solver itself: yields after each step. */
  sample(run: Run, options: z.infer<Options>): AsyncGenerator<Step, void>;
}

/** Whether a solver draws noise with these options. */
export function isStochastic({ stochastic }: SolverDefinition, options: Record<string, unknown>): boolean {
  return typeof stochastic === "function" ? stochastic(options) : stochastic;
}

/** Whether with these options each sample is a run of its own. */
export function runsPerSample({ perSample }: SolverDefinition, options: Record<string, unknown>): boolean {
  return typeof perSample === "function" ? perSample(options) : perSample === true;
}

/** Requires that a solver's fixed steps lead from a noise to one sample. @param so what cannot be done otherwise */
export function requireDeterministic(
  solver: SolverDefinition,
  options: Record<string, unknown>,
  where: string,
  so: string,
): void {
  requireArgument(
    !isStochastic(solver, options) && !runsPerSample(solver, options),
    where,
    `"${solver.name}" is stochastic or controls its own error: ${so}`,
  );
}

/** Gives a definition its option types. */
export function defineSolver<Options extends z.ZodObject>(
  definition: SolverDefinition<Options>,
): SolverDefinition<Options> {
  return definition;
}
