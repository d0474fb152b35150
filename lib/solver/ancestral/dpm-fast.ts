import { z } from "zod";
import { type Level, scaledSigma } from "../../process/index.js";
import {
  evaluateStages,
  finalTerms,
  mixedOrder,
  mixedOrdersOn,
  type Order,
  type Stages,
} from "../dpm-solver/index.js";
import { defineSolver, type Step } from "../solver.js";
import { type AncestralStep, ancestralOptions, ancestralStep, atNoise, eta, freshNoise } from "./step.js";

/**
 * DPM-Solver-fast with ancestral noise: single steps of orders 3, 3, …, 2, 1 on noise predictions that spend exactly
 * `steps` evaluations. A step's ODE part goes down to σ̃_down, but never below the grid's end, so that the last adds no
 * noise.
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
  order: ({ eta }) => (eta > 0 ? 1 : 3),
  measuredOrder: ({ eta }) => (eta > 0 ? undefined : mixedOrder(3)),
  evaluations: (steps) => steps,
  vectors: ({ eta }) => (eta > 0 ? 4 : 3),
  predicts: "noise",
  grid(make, budget) {
    const orders = mixedOrdersOn(make, budget, 3);
    return { ...make(orders.length), orders };
  },
  async *sample(run, { eta, noiseScale }) {
    const { process, grid, steps, x, combine } = run;
    const end = grid.levels.at(-1)!;
    const predictions = run.vectors(3);
    const [z] = eta > 0 ? run.vectors(1) : predictions; // not drawn into where eta is 0
    for (const step of steps) {
      const { from } = step;
      const order = (step.to.sigma === 0 ? 1 : (grid.orders?.[step.index] ?? 3)) as Order;
      const { down, up } = notBelow(end, step, ancestralStep(step, eta));
      const h = down.lambda - from.lambda;
      const inner = [1, 2].slice(0, order - 1).map((i) => from.lambda + (i / order) * h);
      const stages: Stages = { x, from, predictions, lambdas: [from.lambda, ...inner] };
      const nodes = [from, ...inner.map((lambda) => process.atLambda(lambda))];
      await evaluateStages(run, "noise", stages, nodes);
      combine(
        x,
        ...finalTerms("noise", stages, down, order, "midpoint"),
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
