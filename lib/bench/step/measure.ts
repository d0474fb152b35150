import type { Streams } from "../../engine/index.js";
import { alignedVector } from "../../native/index.js";
import { median, type Spread, spreadOf } from "../spread.js";
import type { StepCase } from "./case.js";
import { type StepWorld, warmDraws } from "./draws.js";
import { limitInputs, limitMeter } from "./limits.js";
import type { Reading } from "./meter.js";

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
  /** Passes, inner products, normals and arithmetic: all but waiting for predictions. */
  readonly solverMicroseconds: Spread;
  /** Its parts; `rest` is its arithmetic in JavaScript. */
  readonly parts: Readonly<Record<"passes" | "noise" | "rest", number>>;
  /** With what it takes to ask the model: the state handed to it, and a turn of the event loop. */
  readonly wholeMicroseconds: Spread;
  /** Time without asking the model over what the bytes cost in loops of as many streams, and its normals alone, measured in between. */
  readonly overBytes: Spread;
}

/** @param rounds runs, each with the limits measured beside it */
export async function measureStep(world: StepWorld, asked: StepCase, rounds: number): Promise<StepFigures> {
  const { pool } = world;
  const { elements, draw } = await warmDraws(world, asked);
  const { steps: warm, held } = await draw();
  const noisy = warm.some(({ normals }) => normals > 0);
  const operations = warm.flatMap((step) => step.operations);
  const count = Math.max(held, ...operations.map(limitInputs)) + 1;
  const vectors = Array.from({ length: count }, () => alignedVector(asked.request.dtype, elements));
  const measureLimits = limitMeter(vectors, operations, noisy);
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
    solver: asked.name,
    elements,
    passes: mean(({ operations, normals }) => passesOf(operations) + normals / elements),
    vectorsHeld: held,
    allocations: (pool.statistics.allocations - allocated) / rounds,
    normals: mean(({ normals }) => normals) / elements,
    nanosecondsPerElement: (1000 * solver.median) / elements,
    solverMicroseconds: solver,
    parts: {
      passes: us(({ passes }) => passes).median,
      noise: us(({ noise }) => noise).median,
      rest: us(({ total, evaluation, passes, noise }) => total - evaluation - passes - noise).median,
    },
    wholeMicroseconds: us(({ total }) => total),
    overBytes: spreadOf(overBytes),
  };
}

function passesOf(operations: readonly Streams[]): number {
  return operations.reduce((sum, { reads, writes, rows }) => sum + (rows ? 0 : reads + writes), 0);
}

/** Time of a step without the model over that of another, the two taking turns: the median of the pairs. */
export async function wholeRatio(
  world: StepWorld,
  of: StepCase,
  over: StepCase,
  rounds: number,
): Promise<number> {
  const draws = [await warmDraws(world, of), await warmDraws(world, over)] as const;
  const ratios: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const [a, b] = [await draws[0].draw(), await draws[1].draw()].map(({ steps }) =>
      median(steps.map(({ total }) => total)),
    );
    ratios.push(a! / b!);
  }
  return median(ratios);
}
