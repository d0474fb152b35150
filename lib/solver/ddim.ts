import { z } from "zod";
import { dataStep } from "./first-order.js";
import { defineSolver, type Step } from "./solver.js";

/**
 * DDIM (Song et al. 2021, Eq. 12 and 16), in the form that holds for any α, σ: with η the share of ancestral
 * noise, ς² = η² (σ_t/σ_s)² (σ_s² − (α_s/α_t)² σ_t²) and x_t = α_t m + √(σ_t² − ς²) e + ς z.
 */
export const ddim = defineSolver({
  name: "ddim",
  title: "DDIM",
  source: "Song et al. 2021, Eq. 12",
  stochastic: ({ eta }) => eta > 0,
  options: z.strictObject({
    eta: z.number().min(0).max(1).default(0).describe("share of ancestral noise: 0 deterministic, 1 as DDPM"),
  }),
  order: () => 1,
  evaluations: (steps) => steps,
  vectors: ({ eta }) => (eta > 0 ? 2 : 1),
  predicts: "data",
  async *sample({ steps, x, vectors, data, combine, normals }, { eta }) {
    const [m] = vectors(1);
    const z = eta > 0 ? vectors(1)[0] : undefined;
    for (const step of steps) {
      await data(m, x, step.from);
      if (z) {
        normals(z);
        const { keep, predicted, fresh } = stochasticStep(step, eta);
        combine(x, [keep, x], [predicted, m], [fresh, z]);
      } else {
        combine(x, ...dataStep(step, x, m));
      }
      yield step;
    }
  },
});

function stochasticStep({ from, to }: Step, eta: number): { keep: number; predicted: number; fresh: number } {
  const transition = from.sigma ** 2 - ((from.alpha / to.alpha) * to.sigma) ** 2; // variance of q(x_s | x_t)
  const fresh = eta * (to.sigma / from.sigma) * Math.sqrt(Math.max(0, transition));
  const noise = Math.sqrt(Math.max(0, to.sigma ** 2 - fresh ** 2));
  return { keep: noise / from.sigma, predicted: to.alpha - (noise * from.alpha) / from.sigma, fresh };
}
