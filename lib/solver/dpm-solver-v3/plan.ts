import { dtypeOf, type Vector } from "../../device/index.js";
import { requireArgument } from "../../errors.js";
import type { PerElement as Coefficient } from "../../native/index.js";
import type { Run, Term } from "../solver.js";
import { type PerElement, V3Coefficients, type V3Step } from "./coefficients.js";
import type { ModelStatistics } from "./model-statistics.js";
import { nodeLambdas, snapToNodes } from "./statistics.js";

export interface V3Options {
  readonly statistics: ModelStatistics;
  readonly order: 1 | 2 | 3;
  readonly predictor: "taylor" | "pseudo";
  readonly corrector: "none" | "taylor" | "pseudo" | "reduced-entropy";
  readonly correct: "always" | "first-half";
  readonly lowerOrderFinal: boolean;
  readonly degenerated: boolean;
}

/** A {@link V3Step} in the state's dtype. */
export interface Update {
  readonly keep: Coefficient;
  readonly onPrediction: readonly Coefficient[];
  readonly constant: Coefficient;
}

export interface Correction extends Update {
  /** What a derivative of q at the step's start does to its end. */
  readonly slope: Coefficient;
  /** In λ, of the step and of the one before it. */
  readonly widths: { readonly forward: number; readonly backward: number };
}

/** The coefficients of one step: all that depends on the grid and the statistics alone. */
export interface PlannedStep {
  /** q from ε and x. */
  readonly prediction: {
    readonly onNoise: Coefficient;
    readonly onX: Coefficient;
    readonly constant: Coefficient;
  };
  /** The step before once more, with the prediction at its end: from predictions at its start, its end, and before. */
  readonly correction: Correction | undefined;
  /** This step, from the latest predictions, newest first. */
  readonly predictor: Update;
}

/**
 * Plans a run before its first evaluation.
 * @throws QuenchError INVALID_ARGUMENT where the statistics are not those of a model of this shape
 */
export function planSteps(run: Run, options: V3Options): PlannedStep[] {
  const { steps, grid, process, x, rows } = run;
  const { statistics, order, predictor, corrector, lowerOrderFinal } = options;
  const lambdas = nodeLambdas(statistics, process);
  const size = statistics.l.length / statistics.nodes;
  requireArgument(
    size === x.length / rows,
    "solver.statistics",
    `statistics of ${size} elements do not fit a sample of ${x.length / rows}`,
  );
  const coefficients = new V3Coefficients(statistics, lambdas, options.degenerated);
  const nodes = snapToNodes(grid.levels, lambdas);
  const inDtype = (values: PerElement): Coefficient => ({
    perElement: dtypeOf(x) === "float32" ? new Float32Array(values) : values,
  });
  const update = ({ keep, onPrediction, constant }: V3Step): Update => ({
    keep: inDtype(keep),
    onPrediction: onPrediction.map(inDtype),
    constant: inDtype(constant),
  });
  const orderAt = (n: number) => Math.min(order, n + 1, lowerOrderFinal ? steps.length - n : order);

  const correctionAt = (n: number): Correction | undefined => {
    if (n === 0 || corrector === "none") return undefined;
    if (options.correct === "first-half" && !(steps[n]!.from.t > process.tStart / 2)) return undefined;
    const order = orderAt(n - 1) + (corrector === "pseudo" ? 1 : 0);
    if (order < 2) return undefined;
    const { from, to } = steps[n - 1]!;
    const [s, t] = [nodes[n - 1]!, nodes[n]!];
    const before = nodes.slice(0, n - 1).reverse();
    const known = corrector === "reduced-entropy" ? [s] : [s, t, ...before].slice(0, order);
    return {
      ...update(coefficients.step(from, to, s, t, known, corrector === "pseudo")),
      slope: inDtype(coefficients.slope(from, to, s, t)),
      widths: { forward: lambdas[t]! - lambdas[s]!, backward: lambdas[s]! - lambdas[before[0] ?? s]! },
    };
  };

  return steps.map(({ from, to }, n) => {
    const { onNoise, onX, constant } = coefficients.prediction(nodes[n]!, from);
    const known = nodes
      .slice(0, n + 1)
      .reverse()
      .slice(0, orderAt(n));
    return {
      prediction: { onNoise: inDtype(onNoise), onX: inDtype(onX), constant: inDtype(constant) },
      correction: correctionAt(n),
      predictor: update(coefficients.step(from, to, nodes[n]!, nodes[n + 1]!, known, predictor === "pseudo")),
    };
  });
}

/** Terms of x_t from x_s, the predictions a step was planned with, and a vector of ones. */
export function updateTerms(
  { keep, onPrediction, constant }: Update,
  x: Vector,
  predictions: readonly Vector[],
  one: Vector,
): Term[] {
  return [
    [keep, x],
    ...onPrediction.map((coefficient, j): Term => [coefficient, predictions[j]!]),
    [constant, one],
  ];
}
