import { z } from "zod";
import { freshNoise } from "../ancestral/step.js";
import { posteriorStep, transitionVariance } from "../posterior-step.js";
import { defineSolver } from "../solver.js";

/** diffusers bounds the posterior's variance from below by 1e-20, also at the last step, where it is zero. */
const smallestDeviation = 1e-10;

/**
 * DDPM's ancestral sampling as diffusers steps it (Ho et al. 2020, Eq. 6–7): the mean of q(x_t | x_s, m) and noise of
 * its variance or of the transition's, at every timestep but 0, so also at a last step that starts elsewhere. Models
 * without timesteps get noise at every step but one to clean data.
 */
export const ddpmDiffusers = defineSolver({
  name: "ddpm-diffusers",
  title: "DDPM in diffusers' timesteps",
  source: "diffusers, DDPMScheduler; Ho et al. 2020, Eq. 6-7",
  stochastic: true,
  options: z.strictObject({
    variance: z
      .enum(["small", "large"])
      .default("small")
      .describe("of the noise: the posterior's, or the forward transition's"),
  }),
  order: () => 1,
  evaluations: (steps) => steps,
  vectors: () => 2,
  predicts: "data",
  fromPureNoise: true,
  final: "zero",
  async *sample(run, { variance }) {
    const { steps, x, combine } = run;
    const [m, z] = run.vectors(2);
    for (const step of steps) {
      await run.data(m, x, step.from);
      const { keep, predicted, fresh } = posteriorStep(step, 1);
      const deviation =
        variance === "large" ? Math.sqrt(transitionVariance(step)) : Math.max(fresh, smallestDeviation);
      const noisy = run.process.alphasCumulative ? step.from.modelTime > 0 : step.to.sigma > 0;
      const noise = freshNoise(run, z, noisy ? deviation : 0);
      combine(x, [keep, x], [predicted, m], ...noise);
      yield step;
    }
  },
});
