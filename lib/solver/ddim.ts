import { z } from "zod";
import type { Vector } from "../device/index.js";
import { dataStep } from "./first-order.js";
import { type PosteriorStep, posteriorStep } from "./posterior-step.js";
import { defineSolver, type Step, type Term } from "./solver.js";

/** DDIM; with η > 0 its stochastic relatives up to DDPM. See {@link posteriorStep}. */
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
  fromPureNoise: true,
  async *sample(run, { eta, noise }) {
    const { steps, x, combine } = run;
    const [m] = run.vectors(1);
    const z = eta > 0 ? run.vectors(1)[0] : undefined;
    const thresholded = noise === "model" ? run.vectors(1)[0] : undefined;
    for (const step of steps) {
      const { keep, predicted, fresh } = z ? posteriorStep(step, eta) : deterministicStep(step, x, m);
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

function deterministicStep(step: Step, x: Vector, m: Vector): PosteriorStep {
  const [[keep], [predicted]] = dataStep(step, x, m);
  return { keep, predicted, fresh: 0 };
}
