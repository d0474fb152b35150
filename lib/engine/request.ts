import { z } from "zod";
import type { Denoiser } from "../denoiser/denoiser.js";
import { requireSameModel } from "../denoiser/model-stamp.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { type Backend, backendFor, type Dtype, devices } from "../device/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { requireFinite } from "../finite.js";
import type { Vector } from "../native/index.js";
import { presetSchema, withPreset } from "../preset/index.js";
import { isObject } from "../received.js";
import { type Grid, gridMaker, gridSchema, intervalsOf } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import { findSolver, type SolverDefinition } from "../solver/index.js";
import { type Thresholding, thresholdingSchema } from "../thresholding/index.js";
import { parse } from "../validate.js";
import { effectiveGuidance, modelRowsPerSample } from "./guidance.js";
import type { NoiseSource } from "./noise.js";
import { requireRepresentable } from "./overflow.js";
import { ownScheduler, withOwnScheduler } from "./own-scheduler.js";
import { type GivenSolver, type OwnSolver, ownSolver } from "./own-solver.js";
import { checkPureNoise } from "./pure-noise.js";
import { requireRequest } from "./require-request.js";
import type { StepReport } from "./run.js";

const seedError = {
  error: "expected an integer from 0 to 2^53 - 1, or up to 2^64 - 1 as a bigint or a decimal string",
};
const seedSchema = z.union(
  [
    z
      .bigint()
      .min(0n, seedError)
      .max(2n ** 64n - 1n, seedError),
    z.int(seedError).nonnegative(seedError),
    z
      .string()
      .regex(/^\d{1,20}$/, seedError)
      .describe("a decimal integer, for seeds beyond 2^53 in JSON"),
  ],
  seedError,
);

/** What can be asked of Quench in JSON: the request of `sample()`, the engine, the CLI and the HTTP server. */
export const requestSchema = z.strictObject({
  solver: z
    .union([z.string(), z.looseObject({ name: z.string() })])
    .default("dpm-solver++-2m")
    .describe(
      "a solver's name, or its name with options; \"scheduler\": the model's own diffusers scheduler, options overriding its configuration",
    ),
  preset: presetSchema
    .optional()
    .describe("what `quench tune` found for this model: stands for solver, steps, grid and guidance"),
  steps: z
    .int()
    .min(1)
    .max(100_000)
    .default(20)
    .describe("steps of the solver: intervals of the grid; default those of an explicit grid, else 20"),
  grid: gridSchema.optional().describe("where the noise levels lie; default log-snr"),
  count: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe("samples to draw; default the number of seeds or labels, else 1"),
  seed: seedSchema.default(0).describe("sample i uses (seed, i)"),
  seeds: z.array(seedSchema).min(1).optional().describe("one seed per sample: sample i uses (seeds[i], 0)"),
  firstSample: z
    .int()
    .nonnegative()
    .default(0)
    .describe("sample i uses (seed, firstSample + i): for numbered shards"),
  labels: z
    .union([z.int().nonnegative(), z.array(z.int().nonnegative()).min(1)], {
      error: "expected a class, or a list of one class per sample: integers from 0",
    })
    .optional()
    .describe("class of every sample, or one class for all"),
  guidance: z
    .number()
    .optional()
    .describe("classifier-free guidance scale g in e_null + g (e_class - e_null)"),
  rng: z
    .enum(["philox", "torch-cpu"])
    .default("philox")
    .describe(
      "noise: counter-based, or what torch.manual_seed and torch.randn draw on a CPU (sample i: seeds[i], or seed + firstSample + i)",
    ),
  initialScale: z
    .number()
    .positive()
    .optional()
    .describe("standard deviation of x_T; default sigma of the first level"),
  thresholding: thresholdingSchema
    .optional()
    .describe("what is done to every data prediction: clamped to a range, or thresholded at a quantile"),
  denoiseToZero: z
    .boolean()
    .default(false)
    .describe("replace the result by one more data prediction at the last level"),
  dtype: z
    .enum(["float32", "float64"])
    .default("float32")
    .describe("arithmetic of the sampler, and of the samples; the model keeps its own"),
  device: z
    .enum(devices)
    .default("cpu")
    .describe("where the vectors live and the solver's arithmetic runs; the numbers are the same"),
  priority: z.number().default(0).describe("in an engine: higher goes first, equal ones in order of arrival"),
});

/** A request that can be written as JSON (but for seeds that are big integers). */
export type JsonRequest = z.input<typeof requestSchema>;

/** A request in JSON, plus what only a program can pass. */
export interface SampleRequest extends Omit<JsonRequest, "solver"> {
  /** A solver's name, or its name with options; or a definition of one's own, alone or as `{ definition, ...options }`. */
  readonly solver?: JsonRequest["solver"] | OwnSolver;
  readonly signal?: AbortSignal;
  /** Called after every step. */
  readonly onStep?: (step: StepReport) => void;
  /** x_T for all samples, already at the first level's scale, instead of noise drawn from the seeds. */
  readonly initial?: ArrayLike<number>;
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
  readonly guidance: number | undefined;
  readonly thresholding: Thresholding | undefined;
  readonly denoiseToZero: boolean;
  readonly dtype: Dtype;
  readonly backend: Backend;
  readonly priority: number;
  readonly signal: AbortSignal | undefined;
  readonly onStep: ((step: StepReport) => void) | undefined;
  readonly initial: Vector | ArrayLike<number> | undefined;
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
  const { signal, onStep, initial, noise, ...rest } = request;
  const own = ownSolver(rest.solver);
  const json = (own ? { ...rest, solver: own.solver.name } : rest) as JsonRequest;
  const parsed = parseRequest(json);
  const asked = own ? parsed : withOwnScheduler(denoiser, parsed);
  if (asked.preset) requireSameModel(asked.preset.model, denoiser, "tuned", "preset");
  const { solver, options } = resolveSolver(own ?? namedSolver(asked), asked.steps);

  const make = gridMaker(denoiser.process, asked.grid ?? "log-snr", solver.final, denoiser);
  const grid = solver.grid ? solver.grid(make, asked.steps, options, denoiser.process) : make(asked.steps);
  const { rows, seeds, samples } = resolveSeeds(asked);
  const labels = resolveLabels(denoiser, asked.labels, rows);
  const guidance = resolveGuidance(denoiser, asked, labels);
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
    guidance,
    thresholding: asked.thresholding,
    denoiseToZero: asked.denoiseToZero,
    dtype: asked.dtype,
    backend: backendFor(asked.device),
    priority: asked.priority,
    signal,
    onStep,
    initial,
    noise,
  };
}

/**
 * Checks all of a request that can be checked without its model.
 * @returns the model rows it takes: a guided sample is two
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option
 */
export function checkRequest(json: JsonRequest): number {
  const asked = parseRequest(json);
  const name = typeof asked.solver === "string" ? asked.solver : asked.solver.name;
  if (name !== ownScheduler) resolveSolver(namedSolver(asked), asked.steps);
  const rows = countOf(asked);
  return rows * modelRowsPerSample(asked.guidance);
}

type Asked = z.output<typeof requestSchema>;

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

function countOf({ count, seeds, labels }: Asked): number {
  return count ?? seeds?.length ?? (Array.isArray(labels) ? labels.length : 1);
}

function resolveSeeds(asked: Asked) {
  const { seed, seeds, firstSample } = asked;
  const rows = countOf(asked);
  if (seeds)
    requireArgument(
      seeds.length === rows,
      "seeds",
      `expected ${rows} seeds, one per sample, received ${seeds.length}`,
    );
  if (!seeds) requireSampleNumbers(asked, rows);
  return {
    rows,
    seeds: seeds
      ? BigUint64Array.from(seeds, (seed, i) => toSeed(seed, `seeds[${i}]`))
      : new BigUint64Array(rows).fill(toSeed(seed, "seed")),
    samples: seeds ? new BigUint64Array(rows) : numbered(rows, firstSample),
  };
}

function numbered(rows: number, first: number): BigUint64Array {
  const numbers = new BigUint64Array(rows);
  for (let i = 0; i < rows; i++) numbers[i] = BigInt(first + i);
  return numbers;
}

/** The counter-based noise numbers samples in 32 bits; PyTorch's seeds, which sample numbers are added to, have 64. */
function requireSampleNumbers({ seed, firstSample, rng }: Asked, rows: number): void {
  const last = BigInt(firstSample) + BigInt(rows) - 1n;
  const torch = rng === "torch-cpu";
  requireArgument(
    torch ? last <= Number.MAX_SAFE_INTEGER && toSeed(seed, "seed") + last < 2n ** 64n : last < 2n ** 32n,
    "firstSample",
    () => (torch ? `seed + ${last} is beyond 2^64 - 1` : `sample ${last} is beyond 2^32 - 1`),
  );
}

function toSeed(seed: bigint | number | string, where: string): bigint {
  const value = BigInt(seed);
  requireArgument(value < 2n ** 64n, where, `expected an integer in [0, 2^64), received ${seed}`);
  return value;
}

function resolveLabels(denoiser: Denoiser, labels: Asked["labels"], rows: number): Int32Array | undefined {
  const { classes, nullClass } = denoiser;
  if (labels === undefined) {
    if (!classes || nullClass === undefined) {
      requireArgument(
        !classes,
        "labels",
        "the model is class-conditional and has no null class: give every sample a class",
      );
      return undefined;
    }
    return new Int32Array(rows).fill(nullClass);
  }
  if (!classes)
    throw new QuenchError("INVALID_ARGUMENT", `the model "${denoiser.name}" is not class-conditional`, {
      where: "labels",
    });
  const list = Array.isArray(labels) ? labels : new Array<number>(rows).fill(labels);
  requireArgument(
    list.length === rows,
    "labels",
    `expected ${rows} labels, one per sample, received ${list.length}`,
  );
  for (const [i, label] of list.entries()) {
    const valid = label < classes.length || label === nullClass;
    requireArgument(
      valid,
      `labels[${i}]`,
      `expected a class in [0, ${classes.length - 1}]${nullClass === undefined ? "" : `, or ${nullClass} for none`}, received ${label}`,
    );
  }
  return Int32Array.from(list);
}

function resolveGuidance(
  denoiser: Denoiser,
  { guidance: scale, labels: asked }: Asked,
  labels: Int32Array | undefined,
): number | undefined {
  const guidance = effectiveGuidance(scale);
  if (guidance === undefined) return undefined;
  requireArgument(Number.isFinite(guidance), "guidance", `expected a finite number, received ${guidance}`);
  requireArgument(
    labels !== undefined && denoiser.nullClass !== undefined,
    "guidance",
    `the model "${denoiser.name}" has no null class, which classifier-free guidance needs`,
  );
  requireArgument(
    asked !== undefined && asked !== denoiser.nullClass,
    "guidance",
    "expected labels: without a class guidance changes nothing, and takes twice the model rows",
  );
  return guidance;
}
