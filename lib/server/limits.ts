import { requestSchema, type SpawnedEngine } from "../engine/index.js";
import { requireArgument } from "../errors.js";
import { intervalsOf } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import type { SamplesBody } from "./body.js";

/** What one request of a client may ask for. */
export interface RequestLimits {
  /** Most numbers (samples × channels × height × width) in one answer. Default 2,097,152. */
  readonly pixelLimit?: number;
  /** Most samples × steps of one request. Default 100,000. */
  readonly workLimit?: number;
  /** Most seconds from a request's arrival to its samples, also where the client names no `timeout`. Default 300. */
  readonly timeLimit?: number;
  /** Whether clients may set `priority`, and so pass one another. Default false. */
  readonly priorities?: boolean;
}

const defaultSteps = requestSchema.shape.steps.parse(undefined);

/** As the engine will count them. */
function stepsOf({ preset, grid, steps = preset?.steps ?? intervalsOf(grid) ?? defaultSteps }: SamplesBody) {
  return steps;
}

/** @throws QuenchError INVALID_ARGUMENT naming the member that asks for too much */
export function requireLimits(
  body: SamplesBody,
  { model: { shape } }: SpawnedEngine,
  { pixelLimit, workLimit, timeLimit, priorities }: Required<RequestLimits>,
): void {
  const { count, seeds, labels, priority, timeout } = body;
  const steps = stepsOf(body);
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
  const samples = count ?? seeds?.length ?? (Array.isArray(labels) ? labels.length : 1);
  const numbers = samples * sizeOf(shape);
  requireArgument(
    numbers <= pixelLimit,
    "count",
    `${samples} samples of [${shape.join(", ")}] are ${numbers} numbers, more than the limit of ${pixelLimit}`,
  );
  requireArgument(
    samples * steps <= workLimit,
    "steps",
    `${samples} samples of ${steps} steps are more than the limit of ${workLimit} steps in all`,
  );
}
