import { scaledSigma } from "../process/index.js";
import { symmetricBeta, symmetricBetaQuantile } from "./beta-quantile.js";
import { interpolate, type Rule, type TimeBetween, uniformIn } from "./schedule.js";

/** The process's own time. */
export const processTime: TimeBetween = (process) => ({ of: ({ t }) => t, at: (t) => process.at(t) });

/**
 * Uniform in time with one node more, which is left out: the rest is for a last step to zero (Stability AI's
 * generative-models).
 */
export const sgmUniform: Rule = (process, from, to, intervals) =>
  uniformIn(processTime)(process, from, to, intervals + 1).slice(0, -1);

/** Time at the quantiles of Beta(a, a) (Lee et al. 2024, "Beta sampling is all you need"); a = 0.6 there. */
export const betaTime: TimeBetween = (process, from, to) => ({
  of: ({ t }) => symmetricBeta((t - to.t) / (from.t - to.t), 0.6),
  at: (share) => process.at(interpolate(to.t, from.t, symmetricBetaQuantile(share, 0.6))),
});

/** √t. */
export const rootTime: TimeBetween = (process) => ({
  of: ({ t }) => Math.sqrt(t),
  at: (root) => process.at(root ** 2),
});

/** Half-log-SNR λ (DPM-Solver). */
export const logSnr: TimeBetween = (process) => ({
  of: ({ lambda }) => lambda,
  at: (lambda) => process.atLambda(lambda),
});

/** σ̃^{1/ρ} (Karras et al. 2022, Eq. 5); ρ = 7 there. */
export const edmTime =
  (rho = 7): TimeBetween =>
  (process) => ({
    of: (level) => scaledSigma(level) ** (1 / rho),
    at: (root) => process.atLambda(-rho * Math.log(root)),
  });
