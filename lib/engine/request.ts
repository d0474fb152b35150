import { requireFinite } from "../checks/finite.js";
import { isObject } from "../checks/received.js";
import { parse } from "../checks/validate.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { requireSameModel } from "../denoiser/model-stamp.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { type Backend, backendFor, type Dtype } from "../device/index.js";
import { requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import { withPreset } from "../preset/index.js";
import { type Grid, gridMaker, intervalsOf } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import { findSolver, type SolverDefinition } from "../solver/index.js";
import type { Thresholding } from "../thresholding/index.js";
import { type Conditions, type ResolvedConditions, resolveConditions } from "./conditions.js";
import { type CustomSolver, customSolver, type GivenSolver } from "./custom-solver.js";
import { modelRowsPerSample } from "./guidance.js";
import { requireMemory } from "./memory-limit.js";
import { modelScheduler, withModelScheduler } from "./model-scheduler.js";
import type { NoiseSource } from "./noise.js";
import { requireRepresentable } from "./overflow.js";
import { checkPureNoise } from "./pure-noise.js";
import { countOf, resolveGuidance, resolveLabels, resolveSeeds } from "./request-samples.js";
import { type Asked, type JsonRequest, requestSchema } from "./request-schema.js";
import { requireRequest } from "./require-request.js";
import type { StepReport } from "./run.js";

/** A request in JSON, plus what only a program can pass. */
export interface SampleRequest extends Omit<JsonRequest, "solver"> {
  /**
   * A solver's name, or its name with options; or a custom solver's definition, alone or as
   * `{ definition, ...options }`.
   */
  readonly solver?: JsonRequest["solver"] | CustomSolver;
  readonly signal?: AbortSignal;
  /** Called after every step. A promise that it returns is waited for; what it throws ends the draw. */
  readonly onStep?: (step: StepReport) => void;
  /** x_T for all samples, already at the first level's scale, instead of noise drawn from the seeds. */
  readonly initial?: ArrayLike<number>;
  /**
   * What the network is told beside state, time and label, by the name of its input: a text embedding for all samples,
   * or an array of one for each. It stands before what the model's folder has for a label.
   */
  readonly conditions?: Conditions;
  /** The same for the unconditional half of guidance: the embedding of an empty or a negative prompt. */
  readonly nullConditions?: Conditions;
  /** Noise for stochastic solvers, instead of the seeds' own. */
  readonly noise?: NoiseSource;
}

/** A request that has been checked against its model: nothing in it can fail before the model does. */
export interface ResolvedRequest {
  readonly solver: SolverDefinition;
  readonly options: Record<string, unknown>;
  readonly grid: Grid;
  readonly steps: number;
  readonly rows: number;
  readonly seeds: BigUint64Array;
  readonly samples: BigUint64Array;
  readonly rng: "philox" | "torch-cpu";
  readonly initialScale: number | undefined;
  readonly labels: Int32Array | undefined;
  readonly conditions: ResolvedConditions | undefined;
  readonly guidance: number | undefined;
  readonly thresholding: Thresholding | undefined;
  readonly denoiseToZero: boolean;
  readonly dtype: Dtype;
  readonly backend: Backend;
  readonly priority: number;
  readonly signal: AbortSignal | undefined;
  readonly onStep: SampleRequest["onStep"] | undefined;
  readonly initial: Vector | undefined;
  readonly noise: NoiseSource | undefined;
}

/**
 * Checks a request against a model before any call of it.
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option; CUDA_NOT_BUILT, CUDA_NOT_LOADABLE,
 * CUDA_NO_DRIVER or CUDA_NO_DEVICE where the device asked for is not to be had
 */
export function resolveRequest(denoiser: Denoiser, request: SampleRequest): ResolvedRequest {
  requireDenoiser(denoiser);
  requireRequest(request);
  const { signal, onStep, initial, noise, conditions, nullConditions, ...rest } = request;
  const custom = customSolver(rest.solver);
  const json = (custom ? { ...rest, solver: custom.solver.name } : rest) as JsonRequest;
  const parsed = parseRequest(json);
  const asked = custom ? parsed : withModelScheduler(denoiser, parsed);
  if (asked.preset) requireSameModel(asked.preset.model, denoiser, "tuned", "preset");
  requireThresholdingRange(denoiser, asked.thresholding);
  const { solver, options } = resolveSolver(custom ?? namedSolver(asked), asked.steps);

  requireMemory(denoiser.shape, countOf(asked), asked.dtype);
  const make = gridMaker(denoiser.process, asked.grid ?? "log-snr", solver.final, denoiser);
  const grid = solver.grid ? solver.grid(make, asked.steps, options, denoiser.process) : make(asked.steps);
  const { rows, seeds, samples } = resolveSeeds(asked);
  const labels = resolveLabels(denoiser, asked.labels, rows);
  const guidance = resolveGuidance(denoiser, asked, labels, conditions !== undefined);
  const told = resolveConditions(denoiser, { conditions, nullConditions }, rows, guidance);
  checkPureNoise(denoiser, solver, grid);
  requireRepresentable(guidance, asked.dtype, "guidance");
  requireRepresentable(asked.initialScale, asked.dtype, "initialScale");
  solver.check?.({ model: denoiser, grid, guidance, thresholding: asked.thresholding }, options);
  const size = sizeOf(denoiser.shape);
  if (initial) {
    requireArgument(
      initial.length === rows * size,
      "initial",
      `expected ${rows} × ${size} numbers, received ${initial.length}`,
    );
    requireFinite(initial, "initial", { size });
  }
  // The caller may change theirs while the request waits.
  const start = initial && vectorOf(initial, asked.dtype);
  if (start) requireFinite(start, "initial", { size, what: `numbers that are finite in ${asked.dtype}` });
  return {
    solver,
    options,
    grid,
    steps: asked.steps,
    rows,
    seeds,
    samples,
    rng: asked.rng,
    initialScale: asked.initialScale,
    labels,
    conditions: told,
    guidance,
    thresholding: asked.thresholding,
    denoiseToZero: asked.denoiseToZero,
    dtype: asked.dtype,
    backend: backendFor(asked.device),
    priority: asked.priority,
    signal,
    onStep,
    initial: start,
    noise,
  };
}

/** Dynamic thresholding divides by the quantile: what it gives lies in [−1, 1], whatever the model's range is. */
function requireThresholdingRange({ valueRange }: Denoiser, thresholding: Thresholding | undefined): void {
  if (!valueRange || thresholding?.type !== "dynamic") return;
  const [low, high] = valueRange;
  requireArgument(
    low === -1 && high === 1,
    "thresholding",
    `dynamic thresholding gives samples in [-1, 1], and the model's are in [${low}, ${high}]; clamp them instead`,
  );
}

function vectorOf(values: ArrayLike<number>, dtype: Dtype): Vector {
  return dtype === "float32" ? new Float32Array(values) : new Float64Array(values);
}

/**
 * Checks all of a request that can be checked without its model.
 * @returns the model rows it takes: a guided sample is two
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option
 */
export function checkRequest(json: JsonRequest): number {
  const asked = parseRequest(json);
  const name = typeof asked.solver === "string" ? asked.solver : asked.solver.name;
  if (name !== modelScheduler) resolveSolver(namedSolver(asked), asked.steps);
  const rows = countOf(asked);
  return rows * modelRowsPerSample(asked.guidance);
}

/** With its defaults, as many steps as an explicit grid has, and with what a preset stands for. */
function parseRequest(json: JsonRequest): Asked {
  const asked = parse(requestSchema, { ...json, ...plainGrid(json.grid) }, "request");
  const steps = json.steps ?? intervalsOf(asked.grid) ?? asked.steps;
  return withPreset({ ...asked, steps }, json);
}

/** Levels may come in typed arrays, which are no arrays to a schema. */
function plainGrid(grid: unknown): { readonly grid?: unknown } {
  if (!isObject(grid)) return {};
  const plain = (value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
  return { grid: Object.fromEntries(Object.entries(grid).map(([key, value]) => [key, plain(value)])) };
}

function namedSolver({ solver: named }: Asked): GivenSolver {
  const { name, ...options } = typeof named === "string" ? { name: named } : named;
  return { solver: findSolver(name), options };
}

function resolveSolver({ solver, options: given }: GivenSolver, steps: number) {
  const { name } = solver;
  const options = parse(solver.options, given, `solver.${name}`);
  const minimum = solver.minimumSteps ?? 1;
  requireArgument(
    steps >= minimum,
    "steps",
    `solver "${name}" needs at least ${minimum} steps, received ${steps}`,
  );
  return { solver, options };
}
