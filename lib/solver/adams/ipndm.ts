import { z } from "zod";
import { scaledSigma } from "../../process/index.js";
import { loweredOrder } from "../dpm-solver/options.js";
import { defineSolver, type Step } from "../solver.js";
import { adamsBashforth, lagrangeWeights } from "./adams-bashforth.js";
import { multistepNoise, multistepOptions } from "./multistep-noise.js";

const options = multistepOptions(4);

/** iPNDM: Adams–Bashforth weights of equal steps, the order growing from 1, on DDIM's transfer. */
export const ipndm = defineSolver({
  name: "ipndm",
  title: "iPNDM",
  source: "Zhang & Chen 2023 (DEIS), App. H.2",
  stochastic: false,
  options: z.strictObject(options),
  // Equal-step weights on steps that are not equal in σ/α lose what is above second order.
  order: ({ order }) => Math.min(order, 2),
  orderCases: [{ order: 2 }],
  evaluations: (steps, { analyticFirstStep }) => steps - Number(analyticFirstStep),
  vectors: ({ order }) => order,
  predicts: "noise",
  sample: (run, options) => multistepNoise(run, options, (steps) => adamsBashforth[steps.length]!),
});

/** Adams–Bashforth in σ/α on the steps as they are: exact variable-step weights. */
export function variableStepWeights(steps: readonly Step[]): number[] {
  const { from, to } = steps[0]!;
  return lagrangeWeights(
    steps.map((step) => scaledSigma(step.from)),
    scaledSigma(from),
    scaledSigma(to),
  );
}

/**
 * iPNDM-v: iPNDM with weights for unequal steps. "exact" derives them by integration and then equals LMS and DEIS ρAB;
 * "released" has the published code's misplaced parentheses at orders 3 and 4, right for equal steps only.
 */
export const ipndmV = defineSolver({
  name: "ipndm-v",
  title: "iPNDM-v",
  source: "Zhou et al. 2024 (AMED-Solver), diff-sampler",
  stochastic: false,
  options: z.strictObject({
    ...options,
    weights: z
      .enum(["exact", "released"])
      .default("exact")
      .describe("variable-step Adams-Bashforth, or as the authors released it"),
  }),
  order: ({ order }) => order,
  orderCases: [{ order: 3 }, { order: 3, weights: "released" }, { weights: "released" }],
  measuredOrder: ({ order, weights, lowerOrderFinal }) =>
    lowerOrderFinal || weights === "exact" || order < 4
      ? loweredOrder(order, lowerOrderFinal)
      : {
          order: 3,
          reason:
            "parentheses misplaced: the weights sum to 1 only where steps in sigma/alpha have one ratio, as on log-SNR; " +
            "second order at most on other smooth grids",
        },
  evaluations: (steps, { analyticFirstStep }) => steps - Number(analyticFirstStep),
  vectors: ({ order }) => order,
  predicts: "noise",
  sample: (run, options) =>
    multistepNoise(run, options, options.weights === "exact" ? variableStepWeights : releasedWeights),
});

/** The released weights; h, h1, h2, h3 are the latest four steps in σ/α. */
function releasedWeights(steps: readonly Step[]): number[] {
  const [h, h1, h2, h3] = steps.map(({ from, to }) => scaledSigma(to) - scaledSigma(from)) as [
    number,
    number,
    number,
    number,
  ];
  if (steps.length === 1) return [1];
  const second = [1 + h / h1 / 2, -(h / h1) / 2];
  if (steps.length === 2) return second;
  // (1 − a·b)/2 where (1 − a)·b/2 was meant.
  const third = (1 - ((h / (3 * (h + h1))) * (h * (h + h1))) / (h1 * (h1 + h2))) / 2;
  const r = h1 / h2;
  if (steps.length === 3) return [second[0]! + third, second[1]! - (1 + r) * third, r * third];
  const fourth =
    (((1 - h / (3 * (h + h1))) / 2 + ((1 - h / (2 * (h + h1))) * h) / (6 * (h + h1 + h2))) *
      (h * (h + h1) * (h + h1 + h2))) /
    (h1 * (h1 + h2) * (h1 + h2 + h3));
  const s = (h1 * (h1 + h2)) / (h2 * (h2 + h3));
  return [
    second[0]! + third + fourth,
    second[1]! - (1 + r) * third - (1 + r + s) * fourth,
    r * third + (r + s * (1 + h2 / h3)) * fourth,
    -fourth * s * r,
  ];
}

/** Linear multi-step as k-diffusion samples it: Adams–Bashforth in σ/α. */
export const lms = defineSolver({
  name: "lms",
  title: "LMS",
  source: "Crowson, k-diffusion, sample_lms",
  stochastic: false,
  options: z.strictObject(options),
  order: ({ order }) => order,
  orderCases: [{ lowerOrderFinal: true }],
  measuredOrder: ({ order, lowerOrderFinal }) => loweredOrder(order, lowerOrderFinal),
  evaluations: (steps, { analyticFirstStep }) => steps - Number(analyticFirstStep),
  vectors: ({ order }) => order,
  predicts: "noise",
  final: "zero",
  sample: (run, options) => multistepNoise(run, options, variableStepWeights),
});
