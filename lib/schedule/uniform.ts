import { scaledSigma } from "../process/index.js";
import { symmetricBetaQuantile } from "./beta-quantile.js";
import { interpolate, placeBetween, type Rule } from "./schedule.js";

/** Uniform in the process's time. */
export const timeUniform: Rule = (process, from, to, intervals) =>
  placeBetween(from, to, intervals, (u) => process.at(interpolate(from.t, to.t, u)));

/**
 * Uniform in time with one node more, which is left out: the rest is for a last step to zero (Stability AI's
 * generative-models).
 */
export const sgmUniform: Rule = (process, from, to, intervals) =>
  timeUniform(process, from, to, intervals + 1).slice(0, -1);

/** Time at the quantiles of Beta(a, a) (Lee et al. 2024, "Beta sampling is all you need"); a = 0.6 there. */
export const betaRule: Rule = (process, from, to, intervals) =>
  placeBetween(from, to, intervals, (u) =>
    process.at(interpolate(to.t, from.t, symmetricBetaQuantile(1 - u, 0.6))),
  );

/** Uniform in √t. */
export const timeQuadratic: Rule = (process, from, to, intervals) =>
  placeBetween(from, to, intervals, (u) =>
    process.at(interpolate(Math.sqrt(from.t), Math.sqrt(to.t), u) ** 2),
  );

/** Uniform in half-log-SNR λ (DPM-Solver). */
export const logSnr: Rule = (process, from, to, intervals) =>
  placeBetween(from, to, intervals, (u) => process.atLambda(interpolate(from.lambda, to.lambda, u)));

/** Uniform in σ̃^{1/ρ} (Karras et al. 2022, Eq. 5); ρ = 7 there. */
export function edmRule(rho = 7): Rule {
  return (process, from, to, intervals) =>
    placeBetween(from, to, intervals, (u) => {
      const root = interpolate(scaledSigma(from) ** (1 / rho), scaledSigma(to) ** (1 / rho), u);
      return process.atLambda(-rho * Math.log(root));
    });
}
