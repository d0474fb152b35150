import type { Vector } from "../../device/index.js";
import type { Level, PredictionForm } from "../../process/index.js";
import {
  type Correction,
  exponentialStep,
  interpolationWeights,
  secondOrderMoments,
} from "../exponential-step.js";
import type { Run, Term } from "../solver.js";

export type Order = 1 | 2 | 3;

/** The evaluations inside a single step: at its start and at inner nodes, one vector each. */
export interface Stages {
  readonly x: Vector;
  readonly from: Level;
  readonly predictions: readonly Vector[];
  /** Half-log-SNR of each. */
  readonly lambdas: readonly number[];
}

/** Terms of x at `to` from the predictions at chosen stages; with two of them by the exact or the midpoint formula. */
export function stageTerms(
  prediction: PredictionForm,
  { x, from, predictions, lambdas }: Stages,
  to: Level,
  chosen: readonly number[],
  correction: Correction,
): Term[] {
  const step = exponentialStep(prediction, from, to);
  const h = to.lambda - from.lambda;
  const nodes = chosen.map((i) => (i === 0 ? 0 : (lambdas[i]! - from.lambda) / h));
  const moments =
    nodes.length === 2 ? secondOrderMoments(step, correction) : nodes.map((_, k) => step.moment(k));
  const weights = interpolationWeights(nodes, moments);
  return [[step.keep, x], ...weights.map((weight, i): Term => [weight, predictions[chosen[i]!]!])];
}

/** Evaluates the stages from `first` on, each at the state that those before it give exactly. */
export async function evaluateStages(
  run: Run,
  prediction: PredictionForm,
  stages: Stages,
  nodes: readonly Level[],
  first = 0,
): Promise<void> {
  for (let i = first; i < nodes.length; i++) {
    const into = stages.predictions[i]!;
    const earlier = [...nodes.keys()].slice(0, i);
    if (i > 0) run.combine(into, ...stageTerms(prediction, stages, nodes[i]!, earlier, "heun"));
    await run[prediction](into, i === 0 ? stages.x : into, nodes[i]!);
  }
}

/** Terms of the whole step. Third order: "midpoint" from the first and last stage, as the paper; "heun" from all. */
export function finalTerms(
  prediction: PredictionForm,
  stages: Stages,
  to: Level,
  order: Order,
  correction: Correction,
): Term[] {
  if (order === 1) return stageTerms(prediction, stages, to, [0], correction);
  if (order === 2) return stageTerms(prediction, stages, to, [0, 1], correction);
  return stageTerms(prediction, stages, to, correction === "midpoint" ? [0, 2] : [0, 1, 2], "heun");
}
