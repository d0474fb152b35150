import { z } from "zod";
import { type Level, scaledSigma } from "../../process/index.js";
import { mixedOrders, type Stages, stageTerms } from "../dpm-solver/index.js";
import { defineSolver, type Step } from "../solver.js";
import { type AncestralStep, ancestralOptions, ancestralStep, atNoise, eta, freshNoise } from "./step.js";

/** Where the inner evaluations of a step of each order lie, as shares of its log-SNR. */
const innerNodes: readonly (readonly number[])[] = [[], [0], [0, 1 / 2], [0, 1 / 3, 2 / 3]];

/**
 * DPM-Solver-fast with ancestral noise: single steps of orders 3, 3, …, 2, 1 on noise predictions that spend exactly `steps`
 * evaluations. A step's ODE part goes down to σ̃_down, but never below the grid's end, so that the last adds no noise.
 */
export const dpmFast = defineSolver({
  name: "dpm-fast",
  title: "DPM fast",
  source: "Lu et al. 2022a, App. D.3; Crowson, k-diffusion, sample_dpm_fast",
  stochastic: ({ eta }) => eta > 0,
  options: z.strictObject({
    ...ancestralOptions,
    eta: eta(0).describe("share of ancestral noise: 0 none, 1 all"),
  }),
  order: ({ eta }) => (eta > 0 ? 1 : 3), // 2 for the budgets that end with a first-order step
  evaluations: (steps) => steps,
  vectors: ({ eta }) => (eta > 0 ? 4 : 3),
  predicts: "noise",
  grid(make, budget) {
    // A last step to zero is of first order.
    const orders = make.toZero ? [...mixedOrders(budget - 1, 3), 1] : mixedOrders(budget, 3);
    return { ...make(orders.length), orders };
  },
  async *sample(run, { eta, noiseScale }) {
    const { process, grid, steps, x, combine } = run;
    const end = grid.levels.at(-1)!;
    const predictions = run.vectors(3);
    const [z] = eta > 0 ? run.vectors(1) : predictions; // not drawn into where eta is 0
    for (const step of steps) {
      const { from } = step;
      const order = step.to.sigma === 0 ? 1 : (grid.orders?.[step.index] ?? 3);
      const { down, up } = notBelow(end, step, ancestralStep(step, eta));
      const lambdas = innerNodes[order]!.map((share) =>
        share === 0 ? from.lambda : from.lambda + share * (down.lambda - from.lambda),
      );
      const stages: Stages = { x, from, predictions, lambdas };
      for (const [i, lambda] of lambdas.entries()) {
        const into = predictions[i]!;
        const node = i === 0 ? from : process.atLambda(lambda);
        const earlier = Array.from({ length: i }, (_, j) => j);
        if (i > 0) combine(into, ...stageTerms("noise", stages, node, earlier, "heun"));
        await run.noise(into, i === 0 ? x : into, node);
      }
      const chosen = order === 1 ? [0] : [0, order - 1];
      const correction = order === 3 ? "heun" : "midpoint";
      combine(
        x,
        ...stageTerms("noise", stages, down, chosen, correction),
        ...freshNoise(run, z, up * noiseScale),
      );
      yield step;
    }
  },
});

function notBelow(end: Level, { to }: Step, ancestral: AncestralStep): AncestralStep {
  if (ancestral.down.lambda <= end.lambda) return ancestral;
  const [target, floor] = [scaledSigma(to), scaledSigma(end)];
  return { down: atNoise(to, floor), up: to.alpha * Math.sqrt(Math.max(0, target ** 2 - floor ** 2)) };
}
