import { beginRun, Evaluator, VectorPool } from "../../engine/index.js";
import { sizeOf } from "../../shape.js";
import type { StepCase } from "./case.js";
import type { FreeModel } from "./free-model.js";
import { Meter, type Reading, since } from "./meter.js";

/** Runs of one solver, watched; what each step in the middle of a run cost. */
export interface StepDraws {
  /** Numbers in a vector. */
  readonly elements: number;
  draw(): Promise<{ readonly steps: readonly Reading[]; readonly held: number }>;
}

/** What a solver runs in, as in {@link sample}: nobody else asks the model. */
export interface StepWorld {
  readonly evaluator: Evaluator;
  readonly pool: VectorPool;
  readonly now: FreeModel["now"];
}

export function stepWorld(model: FreeModel): StepWorld {
  const pool = new VectorPool();
  return { evaluator: new Evaluator(model, pool, { alone: true }), pool, now: model.now };
}

/** Steps at each end of a run that are not counted: methods start and end differently from what they do between. */
const margin = 4;

/** Runs that come first, until the step's JavaScript is compiled. */
const warming = 24;

export async function warmDraws(
  { evaluator, pool, now }: StepWorld,
  { request, sample }: StepCase,
): Promise<StepDraws> {
  const elements = request.rows * sizeOf(evaluator.denoiser.shape);
  const draw = async () => {
    const held: ReturnType<VectorPool["take"]>[] = [];
    const meter = new Meter(now);
    const vector = () => {
      held.push(pool.take(request.dtype, elements));
      return held.at(-1)!;
    };
    const run = beginRun(evaluator, request, vector, meter.onPass);
    const readings = [meter.begin()];
    for await (const _ of sample(meter.watch(run))) readings.push(meter.read());
    for (const vector of held) pool.give(vector);
    return { steps: middle(readings), held: held.length };
  };
  for (let i = 0; i < warming; i++) await draw();
  return { elements, draw };
}

function middle(readings: readonly Reading[]): Reading[] {
  const steps = readings.slice(1).map((reading, i) => since(readings[i]!, reading));
  return steps.length > 3 * margin ? steps.slice(margin, -margin) : steps;
}
