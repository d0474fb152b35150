import { z } from "zod";
import { analyticFirstStep, noiseOrAnalytic } from "../first-evaluation.js";
import { weightedNoiseStep } from "../first-order.js";
import type { Run, Step } from "../solver.js";

/** Options of every method here; the default order and what the description says of it vary. */
export const multistepOptions = (order: number, note = "") => ({
  order: z
    .int()
    .min(1)
    .max(4)
    .default(order)
    .describe(`noise predictions used once there are as many${note}`),
  analyticFirstStep,
  lowerOrderFinal: z.boolean().default(false).describe("lower the order step by step to 1 at the end"),
});

type MultistepOptions = z.output<z.ZodObject<ReturnType<typeof multistepOptions>>>;

/**
 * An explicit linear multi-step method on d(x/α)/dκ = ε̂, κ = σ/α: one evaluation a step, order growing from 1.
 * @param weightsOf the weights of a step, given it and those before it, latest first, as many as predictions are used
 */
export async function* multistepNoise(
  run: Run,
  { order, analyticFirstStep, lowerOrderFinal }: MultistepOptions,
  weightsOf: (steps: readonly Step[]) => readonly number[],
): AsyncGenerator<Step, void> {
  const { steps, x, combine } = run;
  const predictions = run.vectors(order);
  const taken: Step[] = [];
  for (const step of steps) {
    predictions.unshift(predictions.pop()!);
    taken.unshift(step);
    await noiseOrAnalytic(run, step, predictions[0]!, analyticFirstStep && step.isFirst);
    const left = steps.length - step.index;
    const used = Math.min(order, taken.length, lowerOrderFinal ? left : order);
    combine(x, ...weightedNoiseStep(step, x, predictions, weightsOf(taken.slice(0, used))));
    yield step;
  }
}
