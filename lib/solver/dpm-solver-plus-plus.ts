import { z } from "zod";
import type { Vector } from "../native/index.js";
import { dataStep } from "./first-order.js";
import { defineSolver, type Step, type Term } from "./solver.js";

/** DPM-Solver++ 2M (Lu et al. 2022b, Algorithm 2; Eq. 4.5 and its "heun" sibling). */
export const dpmSolverPlusPlus2M = defineSolver({
  name: "dpm-solver++-2m",
  title: "DPM-Solver++ 2M",
  source: "Lu et al. 2022b (DPM-Solver++), Algorithm 2",
  stochastic: false,
  options: z.strictObject({
    correction: z.enum(["midpoint", "heun"]).default("midpoint").describe("form of the second-order term"),
    lowerOrderFinal: z.boolean().default(true).describe("take the last step at first order"),
  }),
  order: () => 2,
  evaluations: (steps) => steps,
  vectors: () => 2,
  predicts: "data",
  async *sample({ steps, x, vectors, data, combine }, { correction, lowerOrderFinal }) {
    let [m0, m1] = vectors(2);
    let previous: Step | undefined;
    for (const step of steps) {
      [m0, m1] = [m1, m0];
      await data(m0, x, step.from);
      const first = !previous || step.to.sigma === 0 || (lowerOrderFinal && step.isLast);
      combine(x, ...(first ? dataStep(step, x, m0) : secondOrder(step, previous!, correction, x, m0, m1)));
      previous = step;
      yield step;
    }
  },
});

/** base − ½ α_t φ₁ (m0 − m1)/r0 or base + α_t φ₂ (m0 − m1)/r0, with φ₁ = e^{−h} − 1 and φ₂ = φ₁/h + 1. */
function secondOrder(
  step: Step,
  previous: Step,
  correction: "midpoint" | "heun",
  x: Vector,
  m0: Vector,
  m1: Vector,
): Term[] {
  const phi1 = Math.expm1(-step.h);
  const r0 = previous.h / step.h;
  const weight = step.to.alpha * (correction === "midpoint" ? -0.5 * phi1 : phi1 / step.h + 1) * (1 / r0);
  return [
    [step.to.sigma / step.from.sigma, x],
    [-step.to.alpha * phi1 + weight, m0],
    [-weight, m1],
  ];
}
