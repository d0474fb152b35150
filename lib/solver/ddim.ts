import { z } from "zod";
import type { Vector } from "../native/index.js";
import { dataStep } from "./first-order.js";
import { defineSolver, type Step, type Term } from "./solver.js";

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
    noise: z
      .enum(["thresholded", "model"])
      .default("thresholded")
      .describe(
        "noise prediction of the step: of the thresholded data prediction, or the model's own as in diffusers",
      ),
  }),
  order: () => 1,
  evaluations: (steps) => steps,
  vectors: ({ eta, noise }) => 1 + Number(eta > 0) + Number(noise === "model"),
  predicts: "data",
  async *sample(run, { eta, noise }) {
    const { steps, x, combine } = run;
    const [m] = run.vectors(1);
    const z = eta > 0 ? run.vectors(1)[0] : undefined;
    const thresholded = noise === "model" ? run.vectors(1)[0] : undefined;
    for (const step of steps) {
      const { keep, predicted, fresh } = z ? stochasticStep(step, eta) : deterministicStep(step, x, m);
      const terms: Term[] = [[keep, x]];
      if (thresholded) {
        // x_t = α_t m̂ + √(σ_t² − ς²) (x − α_s m)/σ_s, m̂ thresholded and m not.
        await run.unthresholded(m, x, step.from);
        combine(thresholded, [1, m]);
        run.threshold(thresholded);
        terms.push([predicted - step.to.alpha, m], [step.to.alpha, thresholded]);
      } else {
        await run.data(m, x, step.from);
        terms.push([predicted, m]);
      }
      if (z) {
        run.normals(z);
        terms.push([fresh, z]);
      }
      combine(x, ...terms);
      yield step;
    }
  },
});

interface Coefficients {
  readonly keep: number;
  readonly predicted: number;
  readonly fresh: number;
}

function deterministicStep(step: Step, x: Vector, m: Vector): Coefficients {
  const [[keep], [predicted]] = dataStep(step, x, m);
  return { keep, predicted, fresh: 0 };
}

function stochasticStep({ from, to }: Step, eta: number): Coefficients {
  const transition = from.sigma ** 2 - ((from.alpha / to.alpha) * to.sigma) ** 2; // variance of q(x_s | x_t)
  const fresh = eta * (to.sigma / from.sigma) * Math.sqrt(Math.max(0, transition));
  const noise = Math.sqrt(Math.max(0, to.sigma ** 2 - fresh ** 2));
  return { keep: noise / from.sigma, predicted: to.alpha - (noise * from.alpha) / from.sigma, fresh };
}
