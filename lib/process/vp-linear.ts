import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { requireArgument } from "../errors.js";
import { type Level, level } from "./level.js";
import type { Process } from "./process.js";
import { requireNumbers } from "./require-numbers.js";

export interface VpLinearOptions {
  readonly betaMin?: number;
  readonly betaMax?: number;
  readonly tStart?: number;
  readonly tEnd?: number;
  /** The model is told t times this. Default 1. */
  readonly timeScale?: number;
}

const vpLinearOptions: OptionNames<VpLinearOptions> = {
  betaMin: true,
  betaMax: true,
  tStart: true,
  tEnd: true,
  timeScale: true,
};

/** Continuous VP with a linear β: ln α = −t²(β₁−β₀)/4 − t β₀/2 (Song et al. 2021, Eq. 29; DPM-Solver App. D.4). */
export function vpLinear(options: VpLinearOptions = {}): Process {
  requireKnownOptions<VpLinearOptions>(options, vpLinearOptions);
  const { betaMin = 0.1, betaMax = 20, tStart = 1, tEnd = 1e-3, timeScale = 1 } = options;
  requireNumbers({ betaMin, betaMax, tStart, tEnd, timeScale });
  requireArgument(
    0 < betaMin && betaMin < betaMax,
    "process",
    `expected 0 < betaMin < betaMax, received ${betaMin}, ${betaMax}`,
  );
  requireArgument(
    0 < tEnd && tEnd < tStart,
    "process",
    `expected 0 < tEnd < tStart, received ${tEnd}, ${tStart}`,
  );
  const slope = betaMax - betaMin;
  const logAlpha = (t: number) => -0.25 * t * t * slope - 0.5 * t * betaMin;
  return {
    type: "vp-linear",
    tStart,
    tEnd,
    at: (t) => variancePreservingLevel(t, t * timeScale, logAlpha(t)),
    atLambda(lambda) {
      // −ln α solves −ln α = ½ ln(1 + e^{−2λ}); the quadratic in t is then inverted without cancellation.
      const twiceMinusLogAlpha = softplus(-2 * lambda);
      const t =
        (2 * twiceMinusLogAlpha) / (Math.sqrt(betaMin * betaMin + 2 * slope * twiceMinusLogAlpha) + betaMin);
      return this.at(t);
    },
    clean: level(0, 0, 1, 0),
    variancePreserving: true,
  };
}

/** A level with α² + σ² = 1 from ln α; σ by expm1 so that it stays exact near clean data. */
export function variancePreservingLevel(t: number, modelTime: number, logAlpha: number): Level {
  const sigma = Math.sqrt(-Math.expm1(2 * logAlpha));
  return {
    t,
    modelTime,
    alpha: Math.exp(logAlpha),
    sigma,
    lambda: sigma === 0 ? Infinity : logAlpha - Math.log(sigma),
  };
}

/** ln(1 + e^x) without overflow. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
