import { z } from "zod";
import { defineSolver, type Interval } from "../solver.js";

/** diffusers bounds the posterior's variance from below, also at the last step, where it is zero. */
const smallestVariance = 1e-20;

/**
 * DDPM's ancestral sampling as diffusers steps it (Ho et al. 2020, Eq. 6–7): the mean of q(x_t | x_s, m) and noise of
 * its variance or of the transition's, at every timestep but 0, so also at a last step that starts elsewhere.
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
      const { onX, onData, posterior, transition } = posteriorStep(step);
      if (step.from.modelTime > 0) {
        run.normals(z);
        const added = variance === "large" ? transition : Math.max(posterior, smallestVariance);
        combine(x, [onX, x], [onData, m], [Math.sqrt(added), z]);
      } else {
        combine(x, [onX, x], [onData, m]);
      }
      yield step;
    }
  },
});

/** The Gaussian q(x_t | x_s, x_0 = m) and the variance of q(x_s | x_t). */
function posteriorStep({ from, to }: Interval) {
  const ratio = from.alpha / to.alpha;
  const transition = from.sigma ** 2 - (ratio * to.sigma) ** 2;
  const share = (to.sigma / from.sigma) ** 2;
  return {
    onX: ratio * share,
    onData: (to.alpha * transition) / from.sigma ** 2,
    posterior: share * transition,
    transition,
  };
}
