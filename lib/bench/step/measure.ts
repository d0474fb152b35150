import type { VectorPool } from "../../engine/index.js";
import { beginRun, type Evaluator } from "../../engine/index.js";
import { alignedVector } from "../../native/index.js";
import { median, type Spread, spreadOf } from "../spread.js";
import type { StepCase } from "./case.js";
import { limitMeter } from "./limits.js";
import { Meter, type Reading, since } from "./meter.js";

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
  /** Bytes read and written by copies of the same vectors in between. */
  readonly gigabytesPerSecond: number;
  /** Time of the solver over what its bytes and normals cost at the rates measured in between. */
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
  const bytes = elements * (request.dtype === "float32" ? 4 : 8);
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
  const limits = limitMeter(Array.from({ length: held + 1 }, () => alignedVector("float32", elements)));
  limits(noisy);
  const allocated = pool.statistics.allocations;
  const steps: Reading[] = [];
  const overBytes: number[] = [];
  const bandwidths: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const { bandwidth, noise } = limits(noisy);
    bandwidths.push(bandwidth / 1e6);
    for (const step of (await draw()).steps) {
      steps.push(step);
      overBytes.push(
        (step.total - step.evaluation) /
          ((step.passes * bytes) / bandwidth + (step.normals / elements) * noise),
      );
    }
  }
  const mean = (of: (step: Reading) => number) =>
    steps.reduce((sum, step) => sum + of(step), 0) / steps.length;
  const us = (of: (step: Reading) => number) => spreadOf(steps.map((step) => 1000 * of(step)));
  const solver = us(({ total, evaluation }) => total - evaluation);
  return {
    solver: name,
    elements,
    passes: mean(({ passes }) => passes),
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
    gigabytesPerSecond: median(bandwidths),
    overBytes: spreadOf(overBytes),
  };
}

/** What each step cost, first and last ones left out. */
function middle(readings: readonly Reading[]): Reading[] {
  const steps = readings.slice(1).map((reading, i) => since(readings[i]!, reading));
  return steps.length > 3 * margin ? steps.slice(margin, -margin) : steps;
}
