import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { requireArgument } from "../../errors.js";
import { defineSolver } from "../solver.js";
import { planSteps, updateTerms } from "./plan.js";
import { reducedEntropyCorrector } from "./reduced-entropy-corrector.js";
import { nodeLambdas, snapToNodes, statisticsSchema } from "./statistics.js";

const options = z.strictObject({
  statistics: statisticsSchema,
  order: z
    .union([z.literal(1), z.literal(2), z.literal(3)])
    .default(2)
    .describe("order of the predictor"),
  predictor: z
    .enum(["taylor", "pseudo"])
    .default("pseudo")
    .describe("derivatives from all held predictions, or each from as few as it needs (p_pseudo)"),
  corrector: z
    .enum(["none", "taylor", "pseudo", "reduced-entropy"])
    .default("taylor")
    .describe(
      "corrects a state by the prediction made at it: order as the predictor's, one higher (c_pseudo), " +
        "or a second-order term weighed by conditional variance (RE Table 3; needs order 2)",
    ),
  correct: z
    .enum(["always", "first-half"])
    .default("always")
    .describe("first-half: only while t is above half of the process's time"),
  lowerOrderFinal: z.boolean().default(true).describe("end with orders ..., 2, 1"),
  degenerated: z
    .boolean()
    .default(false)
    .describe("l = 1, s = b = 0 in place of the statistics: DPM-Solver++ by their quadrature"),
  shift: z
    .number()
    .default(0.5)
    .describe("mu in zeta = logistic(|zeta*| - mu), of corrector reduced-entropy"),
});

/** DPM-Solver-v3 (Zheng et al. 2023a, Algorithm 2) and, as a corrector, the RE control inside it. */
export const dpmSolverV3 = defineSolver({
  name: "dpm-solver-v3",
  title: "DPM-Solver-v3",
  source: "Zheng et al. 2023a, Algorithm 2; RE Table 3",
  stochastic: false,
  options,
  order: ({ order }) => order,
  evaluations: (steps) => steps,
  vectors: ({ order, corrector }) =>
    held(order, corrector) + 1 + (corrector === "none" ? 0 : 1) + (corrector === "reduced-entropy" ? 3 : 0),
  predicts: "noise",
  grid(make, steps, { statistics, corrector, order }, process) {
    requireArgument(
      corrector !== "reduced-entropy" || order === 2,
      "solver.order",
      `corrector "reduced-entropy" needs order 2, received ${order}`,
    );
    const lambdas = nodeLambdas(statistics, process);
    const grid = make(steps);
    const levels = snapToNodes(grid.levels, lambdas).map((node) => process.atLambda(lambdas[node]!));
    return { ...grid, levels };
  },
  async *sample(run, options) {
    const { steps, x, vectors, noise, combine, fill } = run;
    const { order, corrector } = options;
    const plan = planSteps(run, options);
    const [one] = vectors(1);
    fill(one, 1);
    let predictions = vectors(held(order, corrector)); // newest first
    const start = corrector === "none" ? x : vectors(1)[0]; // x_s as corrected; x is where the model was asked
    const reduceEntropy = corrector === "reduced-entropy" && reducedEntropyCorrector(run, options.shift, one);

    for (const [n, step] of steps.entries()) {
      const { prediction, correction, predictor } = plan[n]!;
      predictions = [predictions.pop()!, ...predictions];
      const [q, previous, ...before] = predictions as [Vector, Vector, ...Vector[]];
      await noise(q, x, step.from);
      combine(q, [prediction.onNoise, q], [prediction.onX, x], [prediction.constant, one]);
      if (correction && reduceEntropy) {
        reduceEntropy(correction, start, q, previous, before[0]!);
      } else if (correction) {
        combine(start, ...updateTerms(correction, start, [previous, q, ...before], one));
      } else if (start !== x) {
        combine(start, [1, x]);
      }
      combine(x, ...updateTerms(predictor, start, predictions, one));
      yield step;
    }
  },
});

/** Predictions held. A corrector needs the one at the end of the step it corrects. */
function held(order: number, corrector: z.output<typeof options>["corrector"]): number {
  if (corrector === "none" || corrector === "taylor") return Math.max(2, order);
  return order + 1;
}
