import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { OverflowError } from "../../errors.js";
import { noiseStep, weightedNoiseStep } from "../first-order.js";
import { lagrangeBasis, polynomialAt } from "../lagrange.js";
import { defineSolver, type Term } from "../solver.js";

/** Weights of the implicit Adams method of equal steps, the prediction for the next level first. */
const adamsMoulton = [9 / 24, 19 / 24, -5 / 24, 1 / 24];

/**
 * ERA-Solver: an implicit Adams step whose unknown ε̂ at the next level is extrapolated by Lagrange's polynomial in
 * time through k held predictions, so that it costs one call. Which are taken depends on how far the last extrapolation
 * was off: early, reliable ones where the error is large, the latest where it is small (Eq. 17). The original's error
 * is one number for the batch; here each sample has its own. All predictions of the run are held.
 */
export const era = defineSolver({
  name: "era",
  title: "ERA-Solver",
  source: "Li et al. 2023 (ERA-Solver), Algorithm 1; no public code, details ours",
  stochastic: false,
  options: z.strictObject({
    nodes: z.int().min(2).max(6).default(4).describe("predictions k that are interpolated"),
    errorScale: z.number().positive().default(5).describe("lambda: error at which the choice is uniform"),
  }),
  order: () => 2,
  evaluations: (steps) => steps,
  vectors: (_, steps) => steps + 1,
  predicts: "noise",
  perSample: true,
  async *sample(run, { nodes, errorScale }) {
    const { steps, x, combine } = run;
    const held: Vector[] = [];
    const [extrapolated] = run.vectors(1);
    const begin = Math.max(nodes, adamsMoulton.length - 1) - 1;
    let error = errorScale; // the first choice is uniform
    for (const [i, step] of steps.entries()) {
      const [e] = run.vectors(1);
      await run.noise(e, x, step.from);
      held.push(e);
      if (i > begin) error = Math.sqrt(run.gram([[e, extrapolated]], 1, "blocked")[0]!);
      if (!Number.isFinite(error))
        throw new OverflowError("the noise prediction's extrapolation is not finite");
      if (i < begin || step.to.sigma === 0) {
        combine(x, ...noiseStep(step, x, e));
      } else {
        const chosen = chooseNodes(i, nodes, error / errorScale);
        const times = chosen.map((index) => steps[index]!.from.t);
        const scale = times[0]! - times.at(-1)!;
        const basis = lagrangeBasis(times.map((t) => (t - times[0]!) / scale));
        const at = (step.to.t - times[0]!) / scale;
        combine(
          extrapolated,
          ...basis.map((coefficients, j): Term => [polynomialAt(coefficients, at), held[chosen[j]!]!]),
        );
        combine(
          x,
          ...weightedNoiseStep(step, x, [extrapolated, e, held[i - 1]!, held[i - 2]!], adamsMoulton),
        );
      }
      yield step;
    }
  },
});

/**
 * Indices ⌊i (m/k)^power⌋, m = 1 … k, of the held predictions 0 … i. The last is always i; where the floor makes two
 * equal the earlier one moves down, which the paper leaves open.
 */
export function chooseNodes(latest: number, count: number, power: number): number[] {
  const chosen = Array.from({ length: count }, (_, m) => Math.floor(latest * ((m + 1) / count) ** power));
  for (let m = count - 2; m >= 0; m--) chosen[m] = Math.min(chosen[m]!, chosen[m + 1]! - 1);
  for (let m = 0; m < count; m++) chosen[m] = Math.max(chosen[m]!, m);
  return chosen;
}
