import { z } from "zod";
import { posteriorStep, transitionVariance } from "../posterior-step.js";
import { defineSolver } from "../solver.js";
import { freshNoise } from "./step.js";

/** Ancestral sampling: the posterior mean q(x_t | x_s, m) and one of the two variances that bound the true one. */
export const ddpm = defineSolver({
  name: "ddpm",
  title: "DDPM ancestral",
  source: "Ho et al. 2020, Algorithm 2, Eq. 7",
  stochastic: true,
  options: z.strictObject({
    variance: z
      .enum(["small", "large"])
      .default("small")
      .describe(
        "small: the posterior's, right for data that is a point; large: beta, right for unit-variance data",
      ),
  }),
  order: () => 1,
  evaluations: (steps) => steps,
  vectors: () => 2,
  predicts: "data",
  fromPureNoise: true,
  final: "zero",
  async *sample(run, { variance }) {
    const { steps, x, data, combine } = run;
    const [m, z] = run.vectors(2);
    for (const step of steps) {
      await data(m, x, step.from);
      const { keep, predicted, fresh } = posteriorStep(step, 1);
      const deviation = variance === "small" ? fresh : Math.sqrt(transitionVariance(step));
      // No noise on the step to clean data, whatever the variance.
      const noise = freshNoise(run, z, step.to.sigma === 0 ? 0 : deviation);
      combine(x, [keep, x], [predicted, m], ...noise);
      yield step;
    }
  },
});
