import { scaledSigma } from "./level.js";
import type { Process } from "./process.js";

/**
 * A way to tell time by noise: t as a function of the scaled noise level σ̃ alone, whatever the process's own time.
 * Schedules and solvers that were defined on another process's time (EDM's ablation, DEIS) use one.
 */
export interface NoiseClock {
  timeOf(scaledSigma: number): number;
  sigmaOf(t: number): number;
  /** dσ̃/dt. */
  slope(t: number): number;
}

/** t = σ̃ (EDM). */
export const linearClock: NoiseClock = { timeOf: (sigma) => sigma, sigmaOf: (t) => t, slope: () => 1 };

/** t = σ̃² (variance exploding, as Song et al. 2021 trained it; EDM Table 1). */
export const varianceClock: NoiseClock = {
  timeOf: (sigma) => sigma * sigma,
  sigmaOf: Math.sqrt,
  slope: (t) => 0.5 / Math.sqrt(t),
};

/** The time at which a VP clock reads its smallest noise level (EDM's ε_s). */
const vpClockEnd = 1e-3;

/**
 * The time of the linear VP process that passes `sigmaMax` at t = 1 and `sigmaMin` at t = 1e-3:
 * ln(1 + σ̃²) = ½ β_d t² + β_min t (Karras et al. 2022, Table 1 and App. C.1). β_min comes out slightly negative for
 * EDM's range; the clock is monotone over the range and at zero.
 * Through a short range β falls below zero before t = 1: `timeOf` is then the time before, while noise still grows.
 */
export function vpClock(sigmaMin: number, sigmaMax: number): NoiseClock {
  const [low, high] = [Math.log1p(sigmaMin * sigmaMin), Math.log1p(sigmaMax * sigmaMax)];
  const slope = (2 * (low / vpClockEnd - high)) / (vpClockEnd - 1);
  const betaMin = high - 0.5 * slope;
  const sigmaOf = (t: number) => Math.sqrt(Math.expm1(0.5 * slope * t * t + betaMin * t));
  return {
    timeOf(sigma) {
      const twice = 2 * Math.log1p(sigma * sigma);
      return twice === 0 ? 0 : twice / (Math.sqrt(betaMin * betaMin + slope * twice) + betaMin);
    },
    sigmaOf,
    slope(t) {
      const sigma = sigmaOf(t);
      return 0.5 * (betaMin + slope * t) * (sigma + 1 / sigma);
    },
  };
}

/** The VP clock over the whole range of a process. */
export function vpClockOf(process: Process): NoiseClock {
  return vpClock(scaledSigma(process.at(process.tEnd)), scaledSigma(process.at(process.tStart)));
}
