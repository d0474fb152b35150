import { parse } from "../checks/validate.js";
import {
  countOf,
  modelRowsPerSample,
  modelScheduler,
  requestSchema,
  type SpawnedEngine,
} from "../engine/index.js";
import { requireArgument } from "../errors.js";
import { intervalsOf } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import { findSolver } from "../solver/index.js";
import type { SamplesBody } from "./body.js";

/** What one request of a client may ask for. */
export interface RequestLimits {
  /** Most numbers (samples × channels × height × width) in one answer. Default 2,097,152. */
  readonly numberLimit?: number;
  /** Most model evaluations of one request: samples × the solver's own, twice with guidance. Default 100,000. */
  readonly evaluationLimit?: number;
  /** Most seconds from a request's arrival to its samples, also where the client names no `timeout`. Default 300. */
  readonly timeLimit?: number;
  /** Whether clients may set `priority`, and so pass one another. Default false. */
  readonly priorities?: boolean;
}

export const defaultTimeLimit = 300;

const defaultSolver = requestSchema.shape.solver.parse(undefined);
const defaultSteps = requestSchema.shape.steps.parse(undefined);

/** @throws QuenchError INVALID_ARGUMENT naming the member that asks for too much */
export function requireLimits(
  body: SamplesBody,
  { model: { shape } }: SpawnedEngine,
  { numberLimit, evaluationLimit, timeLimit, priorities }: Required<RequestLimits>,
): void {
  const { priority, timeout } = body;
  requireArgument(
    priority === undefined || priorities,
    "priority",
    "this server sets priorities itself: leave it out",
  );
  requireArgument(
    timeout === undefined || timeout <= timeLimit,
    "timeout",
    `expected at most ${timeLimit} seconds, received ${timeout}`,
  );
  const samples = countOf(body);
  const numbers = samples * sizeOf(shape);
  requireArgument(
    numbers <= numberLimit,
    "count",
    `${samples} samples of [${shape.join(", ")}] are ${numbers} numbers, more than the limit of ${numberLimit}`,
  );
  const evaluations = evaluationsOf(body);
  requireArgument(
    samples * evaluations <= evaluationLimit,
    "steps",
    `${samples} samples of up to ${evaluations} model evaluations are more than the limit of ${evaluationLimit} in all`,
  );
}

/**
 * The most model evaluations of one sample.
 * @throws QuenchError UNKNOWN_NAME, or INVALID_ARGUMENT for options that the solver does not take
 */
function evaluationsOf({ preset, grid, denoiseToZero, ...asked }: SamplesBody): number {
  const { solver, steps, guidance } = {
    solver: preset?.solver ?? asked.solver ?? defaultSolver,
    steps: preset?.steps ?? asked.steps ?? intervalsOf(grid) ?? defaultSteps,
    guidance: preset?.guidance ?? asked.guidance,
  };
  const own = solverEvaluations(
    typeof solver === "string" ? { name: solver } : solver,
    steps,
    preset?.grid ?? grid,
  );
  return (own + (denoiseToZero ? 1 : 0)) * modelRowsPerSample(guidance);
}

function solverEvaluations(
  { name, ...given }: { readonly name: string; readonly [option: string]: unknown },
  steps: number,
  grid: SamplesBody["grid"],
): number {
  // No scheduler of diffusers takes more: two calls a step, or PNDM's nine more than its steps for its Runge-Kutta
  // ones.
  if (name === modelScheduler) return Math.max(2 * steps, steps + 9);
  const solver = findSolver(name);
  const options = parse(solver.options, given, `solver.${name}`);
  const own = solver.evaluations(steps, options);
  if (own === undefined) return solver.mostEvaluations?.(options) ?? Infinity;
  if (endsAtZero(grid, solver.final)) return own;
  // What a grid takes that has a step to zero besides, without that step's one call.
  return Math.max(own, solver.evaluations(steps + 1, options)! - 1);
}

/** Whether a grid surely ends with a step to zero. @param usual how those of the solver end that do not say */
function endsAtZero(grid: SamplesBody["grid"], usual: "min" | "zero" = "min"): boolean {
  if (typeof grid !== "object" || "schedule" in grid) {
    return ((typeof grid === "object" && grid.final) || usual) === "zero";
  }
  return "sigma" in grid && grid.sigma.at(-1) === 0;
}
