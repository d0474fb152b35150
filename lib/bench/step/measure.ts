import type { VectorPool } from "../../engine/index.js";
import { beginRun, type Evaluator } from "../../engine/index.js";
import { alignedVector } from "../../native/index.js";
import { type Spread, spreadOf } from "../spread.js";
import type { StepCase } from "./case.js";
import { limitMeter } from "./limits.js";
import { Meter, type Reading, type Streams, since } from "./meter.js";

/** A solver's step without the model, in the middle of a run. */
export interface StepFigures {
  readonly solver: string;
  /** Numbers in a vector. */
  readonly elements: number;
  readonly passes: number;
  /** The state included. */
  readonly vectorsHeld: number;
  readonly allocations: number;
  readonly normals: number;
  readonly nanosecondsPerElement: number;
  /** Time of the solver alone: all but waiting for predictions. */
  readonly solverMicroseconds: Spread;
  /** Its parts; `rest` is its arithmetic in JavaScript. */
  readonly parts: Readonly<Record<"combine" | "gram" | "noise" | "rest", number>>;
  /** With the engine's part: the state handed to the model, the answer checked and converted. */
  readonly wholeMicroseconds: Spread;
  /** Time of the solver over what its bytes cost in loops of as many streams, and its normals alone, measured in between. */
  readonly overBytes: Spread;
}

/** Steps at each end of a run that are not counted: methods start and end differently from what they do between. */
const margin = 4;

/** @param rounds runs, each with the limits measured beside it; one more comes first and warms everything */
export async function measureStep(
  evaluator: Evaluator,
  pool: VectorPool,
  { name, request, sample }: StepCase,
  rounds: number,
): Promise<StepFigures> {
  const elements = request.rows * evaluator.denoiser.shape.reduce((a, b) => a * b, 1);
  const draw = async () => {
    const held: ReturnType<VectorPool["take"]>[] = [];
    const run = beginRun(evaluator, request, () => {
      held.push(pool.take(request.dtype, elements));
      return held.at(-1)!;
    });
    const meter = new Meter();
    const readings = [meter.begin()];
    for await (const _ of sample(meter.watch(run))) readings.push(meter.read());
    for (const vector of held) pool.give(vector);
    return { steps: middle(readings), held: held.length };
  };

  const { held, steps: warm } = await draw();
  const noisy = warm.some(({ normals }) => normals > 0);
  const vectors = Array.from({ length: held + 1 }, () => alignedVector(request.dtype, elements));
  const measureLimits = limitMeter(
    vectors,
    warm.flatMap(({ operations }) => operations),
    noisy,
  );
  measureLimits(); // warms
  const allocated = pool.statistics.allocations;
  const steps: Reading[] = [];
  const overBytes: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const limits = measureLimits();
    for (const step of (await draw()).steps) {
      steps.push(step);
      const cost = limits.operations(step.operations) + (step.normals / elements) * limits.noise;
      overBytes.push((step.total - step.evaluation) / cost);
    }
  }
  const mean = (of: (step: Reading) => number) =>
    steps.reduce((sum, step) => sum + of(step), 0) / steps.length;
  const us = (of: (step: Reading) => number) => spreadOf(steps.map((step) => 1000 * of(step)));
  const solver = us(({ total, evaluation }) => total - evaluation);
  return {
    solver: name,
    elements,
    passes: mean(({ operations, normals }) => passesOf(operations) + normals / elements),
    vectorsHeld: held,
    allocations: (pool.statistics.allocations - allocated) / rounds,
    normals: mean(({ normals }) => normals) / elements,
    nanosecondsPerElement: (1000 * solver.median) / elements,
    solverMicroseconds: solver,
    parts: {
      combine: us(({ combine }) => combine).median,
      gram: us(({ gram }) => gram).median,
      noise: us(({ noise }) => noise).median,
      rest: us(({ total, evaluation, combine, gram, noise }) => total - evaluation - combine - gram - noise)
        .median,
    },
    wholeMicroseconds: us(({ total }) => total),
    overBytes: spreadOf(overBytes),
  };
}

function passesOf(operations: readonly Streams[]): number {
  return operations.reduce((sum, { reads, writes }) => sum + reads + writes, 0);
}

/** What each step cost, first and last ones left out. */
function middle(readings: readonly Reading[]): Reading[] {
  const steps = readings.slice(1).map((reading, i) => since(readings[i]!, reading));
  return steps.length > 3 * margin ? steps.slice(margin, -margin) : steps;
}
