import { z } from "zod";
import { loweredOrder, lowerOrderFinal } from "../dpm-solver/options.js";
import { type ExponentialStep, exponentialStep, interpolationWeights } from "../exponential-step.js";
import { multistepOrder, PredictionHistory } from "../prediction-history.js";
import { defineSolver } from "../solver.js";
import { releasedVaryCoeffWeights } from "./vary-coeff.js";

const variants = ["bh1", "bh2", "vary_coeff", "vary_coeff_released"] as const;
type Variant = (typeof variants)[number];

/**
 * UniPC (Zhao et al. 2023): UniP predicts x_t from the latest predictions, the model is evaluated there, and UniC
 * corrects x_t with that same evaluation, which is the next step's own. Written in weights on the predictions, B(h)
 * of bh1 and bh2 cancels from the full systems of UniP-p and UniC-p, and both are the exact integral of the
 * interpolating polynomial, as vary_coeff is; B(h) is felt only where the paper fixes ρ = ½, with two nodes.
 */
export const unipc = defineSolver({
  name: "unipc",
  title: "UniPC",
  source: "Zhao et al. 2023, Algorithms 1 and 2",
  stochastic: false,
  options: z.strictObject({
    order: z.int().min(1).max(6).default(3).describe("order p of UniP-p; above 3 unstable on real models"),
    variant: z
      .enum(variants)
      .default("bh2")
      .describe(
        "two-node formula: B(h) = h, B(h) = e^h - 1, or the exact integral; _released: with the published corrector (order 1)",
      ),
    prediction: z.enum(["data", "noise"]).default("data").describe("what is interpolated"),
    corrector: z.boolean().default(true).describe("false: UniP alone"),
    uncorrected: z
      .array(z.int().nonnegative())
      .default([])
      .describe("indices of steps left uncorrected (diffusers' disable_corrector)"),
    lowerOrderFinal,
  }),
  order: ({ order, corrector }) => (corrector ? order + 1 : order),
  orderCases: [
    { lowerOrderFinal: false },
    { order: 2, corrector: false, lowerOrderFinal: false },
    { order: 1, variant: "bh1", lowerOrderFinal: false },
    { order: 2, variant: "bh1", prediction: "noise", lowerOrderFinal: false },
    { variant: "vary_coeff", lowerOrderFinal: false },
    { variant: "vary_coeff_released", lowerOrderFinal: false },
    { order: 5, lowerOrderFinal: false, corrector: false },
  ],
  measuredOrder: ({ order, corrector, variant, lowerOrderFinal }) => {
    if (corrector && order > 1 && variant === "vary_coeff_released") {
      return { order: 1, reason: "the published corrector of vary_coeff weighs the new prediction wrongly" };
    }
    return loweredOrder(corrector ? order + 1 : order, lowerOrderFinal);
  },
  evaluations: (steps) => steps,
  vectors: ({ order, corrector }) => (corrector ? order + 1 : order),
  predicts: ({ prediction }) => prediction,
  async *sample(run, { order, variant, prediction, corrector, uncorrected, lowerOrderFinal }) {
    const { steps, x, combine } = run;
    const history = new PredictionHistory(run.vectors(corrector ? order + 1 : order));
    await run[prediction](history.next(steps[0]!.from), x, steps[0]!.from);
    for (const step of steps) {
      const exact = exponentialStep(prediction, step.from, step.to);
      const p = multistepOrder(step, steps.length, order, lowerOrderFinal);
      const nodes = history.nodes(p, step);
      const predicted = history.terms(interpolationWeights(nodes, moments(exact, p, variant)));
      if (step.isLast) {
        combine(x, [exact.keep, x], ...predicted);
      } else if (!corrector || uncorrected.includes(step.index)) {
        combine(x, [exact.keep, x], ...predicted);
        await run[prediction](history.next(step.to), x, step.to);
      } else {
        // The oldest vector holds the predicted x_t, then the prediction made there: with p nodes it is free.
        const ahead = history.next(step.to);
        combine(ahead, [exact.keep, x], ...predicted);
        await run[prediction](ahead, ahead, step.to);
        const all = [1, ...nodes];
        const weights =
          variant === "vary_coeff_released"
            ? releasedVaryCoeffWeights(all, exact)
            : interpolationWeights(all, moments(exact, p + 1, variant));
        combine(x, [exact.keep, x], ...history.terms(weights));
      }
      yield step;
    }
  },
});

function moments(exact: ExponentialStep, nodes: number, variant: Variant): number[] {
  const moments = Array.from({ length: nodes }, (_, k) => exact.moment(k));
  if (nodes === 2 && variant === "bh1") moments[1] = exact.plainMoment(1);
  if (nodes === 2 && variant === "bh2") moments[1] = exact.moment(0) / 2;
  return moments;
}
