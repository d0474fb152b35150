import { z } from "zod";
import type { Level } from "../../process/index.js";
import { correction } from "../dpm-solver/options.js";
import { exponentialStep, interpolationWeights, secondOrderMoments } from "../exponential-step.js";
import { defineSolver, type Term } from "../solver.js";

/**
 * Single-step DPM-Solver as diffusers steps it: the inner nodes are nodes of the grid, the next one or two. At each the
 * solver goes from the start of its step by what it knows: order 1 to the first inner node, 2 to the second, 3 over it.
 */
export const dpmSolverDiffusersSinglestep = defineSolver({
  name: "dpm-solver-single-diffusers",
  title: "Single-step DPM-Solver on consecutive nodes",
  source: "diffusers, DPMSolverSinglestepScheduler; Lu et al. 2022a, 2022b",
  stochastic: ({ eta }) => eta > 0,
  options: z.strictObject({
    prediction: z.enum(["data", "noise"]).default("data").describe("DPM-Solver++ or DPM-Solver"),
    order: z.int().min(1).max(3).default(2).describe("highest order of a step"),
    correction,
    lowerOrderFinal: z
      .boolean()
      .default(true)
      .describe("end with a step of one evaluation; false needs a multiple of the order"),
    eta: z.literal([0, 1]).default(0).describe("1: the reverse SDE, with fresh noise at every node"),
  }),
  order: ({ order, lowerOrderFinal }) => (lowerOrderFinal ? Math.min(order, 2) : order),
  evaluations: (steps) => steps,
  vectors: ({ order, eta }) => order + 1 + eta,
  predicts: ({ prediction }) => prediction,
  async *sample(run, { prediction, order, correction, lowerOrderFinal, eta }) {
    const { steps, x, combine } = run;
    const [kept] = run.vectors(1);
    const predictions = run.vectors(order);
    const z = eta > 0 ? run.vectors(1)[0] : undefined;
    const orders = nodeOrders(steps.length, order, lowerOrderFinal);
    if (steps.at(-1)!.to.sigma === 0) orders[steps.length - 1] = 1;
    let starts: Level[] = [];
    for (const step of steps) {
      const place = orders[step.index]!;
      if (place === 1) {
        starts = [];
        combine(kept, [1, x]);
      }
      starts.push(step.from);
      await run[prediction](predictions[place - 1]!, x, step.from);

      const from = starts[0]!;
      const exact = exponentialStep(prediction, from, step.to, eta);
      // The paper's third-order formula leaves out the first inner node, and the derivative is then exact.
      const chosen = place === 3 && correction === "midpoint" ? [0, 2] : starts.map((_, i) => i);
      const nodes = chosen.map((i) => (starts[i]!.lambda - from.lambda) / (step.to.lambda - from.lambda));
      const moments =
        place === 2 ? secondOrderMoments(exact, correction) : nodes.map((_, k) => exact.moment(k));
      const terms: Term[] = interpolationWeights(nodes, moments).map((w, j) => [w, predictions[chosen[j]!]!]);
      if (z && exact.fresh > 0) {
        run.normals(z);
        terms.push([exact.fresh, z]);
      }
      combine(x, [exact.keep, kept], ...terms);
      yield step;
    }
  },
});

/** How many predictions the step to each node uses: 1, 2, …, order again and again, with a lower end where asked. */
function nodeOrders(steps: number, order: number, lowerOrderFinal: boolean): number[] {
  const orders = Array.from({ length: steps }, (_, i) => (i % order) + 1);
  if (!lowerOrderFinal) return orders;
  orders[steps - 1] = 1;
  if (order === 3 && steps % 3 === 2) orders[steps - 1] = 2;
  return orders;
}
