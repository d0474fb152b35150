import type { Interval } from "./solver.js";

/** Coefficients of x_t = keep x_s + predicted m + fresh z. */
export interface PosteriorStep {
  readonly keep: number;
  readonly predicted: number;
  readonly fresh: number;
}

/** Variance of q(x_s | x_t), the noise that the forward process adds from t to the noisier s; DDPM's β on a VP process. */
export function transitionVariance({ from, to }: Interval): number {
  return Math.max(0, from.sigma ** 2 - ((from.alpha / to.alpha) * to.sigma) ** 2);
}

/**
 * The step of DDIM with a share η of the noise of DDPM's posterior (Song et al. 2021, Eq. 12 and 16), in the form that
 * holds for any α, σ: ς = η (σ_t/σ_s) √Var q(x_s|x_t), x_t = α_t m + √(σ_t² − ς²) e + ς z. η = 1 is the posterior mean
 * and its variance (Ho et al. 2020, Eq. 7).
 */
export function posteriorStep(step: Interval, eta: number): PosteriorStep {
  const { from, to } = step;
  const fresh = eta * (to.sigma / from.sigma) * Math.sqrt(transitionVariance(step));
  const noise = Math.sqrt(Math.max(0, to.sigma ** 2 - fresh ** 2));
  return { keep: noise / from.sigma, predicted: to.alpha - (noise * from.alpha) / from.sigma, fresh };
}
