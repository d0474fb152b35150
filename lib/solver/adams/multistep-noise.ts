import type { Vector } from "../../device/index.js";
import { noiseOrAnalytic } from "../first-evaluation.js";
import type { Interval, Run, Step, Term } from "../solver.js";

/**
 * A step in noise prediction with several predictions, latest first: (α_t/α_s) x + (σ_t − σ_s α_t/α_s) Σ w_j e_j. Where
 * the shares w are [1] it is DDIM bit for bit; in general it is PNDM's "transfer part".
 */
export function sharedNoiseStep(
  { from, to }: Interval,
  x: Vector,
  predictions: readonly Vector[],
  shares: readonly number[],
): Term[] {
  const ratio = to.alpha / from.alpha;
  const onNoise = to.sigma - from.sigma * ratio;
  return [[ratio, x], ...shares.map((share, j): Term => [onNoise * share, predictions[j]!])];
}

export interface MultistepOptions {
  /** Predictions used once there are as many. */
  readonly order: number;
  readonly analyticFirstStep: boolean;
  /** Lower the order towards the end, so that the last step is of order 1. */
  readonly lowerOrderFinal: boolean;
}

/**
 * An explicit linear multi-step method on d(x/α)/dκ = ε̂, κ = σ/α: one evaluation a step, order growing from 1.
 * @param sharesOf the weights of a step, given it and those before it, latest first, as many as predictions are used
 */
export async function* multistepNoise(
  run: Run,
  { order, analyticFirstStep, lowerOrderFinal }: MultistepOptions,
  sharesOf: (steps: readonly Step[]) => readonly number[],
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
    combine(x, ...sharedNoiseStep(step, x, predictions, sharesOf(taken.slice(0, used))));
    yield step;
  }
}
