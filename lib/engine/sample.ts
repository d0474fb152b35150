import { isObject, received } from "../checks/received.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { backendOf, type Vector } from "../device/index.js";
import { OverflowError, QuenchError, requireArgument, throwIfAborted } from "../errors.js";
import type { Vector as HostVector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { type Run, runsPerSample, type Step } from "../solver/index.js";
import { Evaluator } from "./evaluator.js";
import { overflowed, requireFiniteSamples } from "./overflow.js";
import type { OnPass } from "./passes.js";
import { VectorPool } from "./pool.js";
import { type ResolvedRequest, resolveRequest, type SampleRequest } from "./request.js";
import { requireRequest } from "./require-request.js";
import { noiseOf, RunState, type StepReport, stepsOf } from "./run.js";

export interface Samples {
  /** The samples, one after the other, each of the model's shape. */
  readonly data: HostVector;
  /** [count, ...shape of one sample]. */
  readonly shape: readonly number[];
  readonly dtype: "float32" | "float64";
  /** Model evaluations per sample; for solvers with error control the largest of them. */
  readonly nfe: number;
  /** The noise levels stepped through, as process times. */
  readonly times: readonly number[];
  readonly timings: Timings;
}

/**
 * Milliseconds of wall time. `solver` is all that is not the model, transfers or noise; transfers to and from a card
 * that overlap a model call are in both, and `solver` is then what remains, at least 0.
 */
export interface Timings {
  readonly total: number;
  /** The rows' share of the model calls they were in. */
  readonly model: number;
  /** Moving rows between host and device, as the device measures it; 0 on the CPU. */
  readonly transfer: number;
  readonly noise: number;
  readonly solver: number;
}

/**
 * Draws samples from a model.
 * @throws QuenchError before any model call for a bad request; MODEL_FAILED naming the evaluation and sample
 * when the model fails; ABORTED at the next step after `signal`
 */
export async function sample(denoiser: Denoiser, request: SampleRequest = {}): Promise<Samples> {
  requireRequest(request);
  throwIfAborted(request.signal);
  const resolved = resolveRequest(denoiser, request);
  const pool = new VectorPool();
  const alone = !runsPerSample(resolved.solver, resolved.options);
  try {
    return await runRequest(new Evaluator(denoiser, pool, { alone }), resolved);
  } finally {
    pool.clear();
  }
}

/** The same, step by step: yields after each step and returns the samples. */
export async function* sampleSteps(
  denoiser: Denoiser,
  request: SampleRequest = {},
): AsyncGenerator<StepReport, Samples> {
  requireRequest(request);
  throwIfAborted(request.signal);
  const resolved = resolveRequest(denoiser, { ...request, onStep: request.onStep ?? (() => {}) });
  const pool = new VectorPool();
  const alone = !runsPerSample(resolved.solver, resolved.options);
  try {
    return yield* requestSteps(new Evaluator(denoiser, pool, { alone }), resolved);
  } finally {
    pool.clear();
  }
}

/** Runs a checked request to its end through an evaluator that others may share. */
export async function runRequest(evaluator: Evaluator, request: ResolvedRequest): Promise<Samples> {
  const steps = requestSteps(evaluator, request);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
  }
}

/**
 * A solver's view of a checked request, for those who drive a solver step by step themselves.
 * @param vector gives the vectors, x_T first; they stay the giver's
 * @param onPass told of every pass through memory that combinations and inner products make. Given one, they wait for
 * one another as in a draw ({@link Passes}); without, the vectors are always what the solver has made of them
 */
export function beginRun(
  evaluator: Evaluator,
  request: ResolvedRequest,
  vector: () => Vector,
  onPass?: OnPass,
): Run {
  const state = new RunState(evaluator, request, vector(), 0, onPass);
  const noise = noiseOf(request, 0, request.rows);
  state.initialise(noise, request.initial);
  const vectors = ((count: number) => Array.from({ length: count }, vector)) as Run["vectors"];
  return { ...state.view(noise, onPass !== undefined), vectors };
}

export async function* requestSteps(
  evaluator: Evaluator,
  request: ResolvedRequest,
): AsyncGenerator<StepReport, Samples> {
  const begun = performance.now();
  const state = new RunState(evaluator, request);
  try {
    state.initialise(noiseOf(request, 0, request.rows), request.initial);
    const steps = runsPerSample(request.solver, request.options) ? eachSample(state) : whole(state);
    for await (const report of steps) {
      if (request.onStep) await request.onStep(report);
      yield report;
    }
    requireFiniteSamples(state.x, sizeOf(evaluator.denoiser.shape));
    const total = performance.now() - begun;
    const { modelMilliseconds: model, transferMilliseconds: transfer, noiseMilliseconds: noise } = state;
    return {
      data: backendOf(state.x).read(state.x).slice(),
      shape: [request.rows, ...evaluator.denoiser.shape],
      dtype: request.dtype,
      nfe: state.evaluations,
      times: request.grid.levels.map(({ t }) => t),
      timings: {
        total,
        model,
        transfer,
        noise,
        solver: Math.max(0, total - model - transfer - noise),
      },
    };
  } catch (error) {
    throw error instanceof OverflowError ? overflowed(request, error) : error;
  } finally {
    state.release();
  }
}

/** All rows as one run. */
async function* whole(state: RunState, first = 0, steps?: readonly Step[]): AsyncGenerator<StepReport> {
  const { request, evaluator } = state;
  const { solver, options } = request;
  const rows = state.x.length / sizeOf(evaluator.denoiser.shape);
  const run = state.view(noiseOf(request, first, rows), true, steps);
  // Between steps others may take their time, and the model may be called for others.
  const pauses = request.onStep !== undefined || runsPerSample(solver, options);
  for await (const step of solver.sample(run, options)) {
    requireStep(step, solver.name);
    if (pauses) state.settle();
    yield state.report(step, run.steps.length);
  }
  if (request.denoiseToZero) {
    const last = request.grid.levels.at(-1)!;
    if (last.sigma > 0) await run.data(state.x, state.x, last);
  }
  state.settle();
}

/** Of a custom solver, which may yield anything. */
function requireStep(step: unknown, solver: string): asserts step is Step {
  requireArgument(
    isObject(step) && Number.isInteger(step.index) && isObject(step.to),
    "solver",
    () => `"${solver}" yielded ${received(step)}, where a step like those of run.steps was expected`,
  );
}

/** Each row as a run of its own, advanced side by side so that their evaluations share model calls. */
async function* eachSample(state: RunState): AsyncGenerator<StepReport> {
  const { request } = state;
  if (request.noise)
    throw new QuenchError(
      "INVALID_ARGUMENT",
      "this solver runs each sample by itself and takes no recorded noise",
      { where: "noise" },
    );
  const runs = Array.from({ length: request.rows }, (_, row) => state.row(row));
  try {
    const shared = stepsOf(request.grid); // rows × steps objects would not fit in memory
    let going = runs.map((run, row) => whole(run, row, shared));
    while (going.length > 0) {
      // All of them, even when one fails: the others still write to vectors that are given back below.
      const settled = await Promise.allSettled(going.map((steps) => steps.next()));
      const results = settled.map((result) => {
        if (result.status === "rejected") throw result.reason;
        return result.value;
      });
      state.evaluations = runs.reduce((most, { evaluations }) => Math.max(most, evaluations), 0);
      state.modelMilliseconds = runs.reduce((sum, run) => sum + run.modelMilliseconds, 0);
      state.transferMilliseconds = runs.reduce((sum, run) => sum + run.transferMilliseconds, 0);
      const report = results.find(({ done }) => !done)?.value as StepReport | undefined;
      going = going.filter((_, i) => !results[i]!.done);
      if (report) yield { ...report, evaluations: state.evaluations, ...state.copies() };
    }
  } finally {
    for (const run of runs) run.release();
  }
}
