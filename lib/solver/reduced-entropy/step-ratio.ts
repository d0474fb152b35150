import type { Level } from "../../process/index.js";

/** Rules for r_i, by name, with what `quench solvers` says of them. */
export const stepRatios = {
  "log-snr": logSnr,
  kappa,
  "normalized-variance": normalizedVariance,
  arctan,
  refined: (before, from, to) => Math.sqrt(normalizedVariance(before, from, to) * arctan(before, from, to)),
} as const satisfies Record<string, StepRatio>;

export const stepRatioNames = Object.keys(stepRatios) as [StepRatioName, ...StepRatioName[]];
export type StepRatioName = keyof typeof stepRatios;

/**
 * r_i: by how much the step before (from `before` to `from`) exceeds this one (from `from` to `to`). The backward
 * difference (m0 − m1)/r_i then stands for the change of the prediction over this step. "refined" is the paper's
 * unspecified combination of the two before it; ours is their geometric mean.
 */
type StepRatio = (before: Level, from: Level, to: Level) => number;

const kappaOf = ({ alpha, sigma }: Level) => alpha / sigma;

/** RE Eq. D.12: equal to DPM-Solver++ 2M's r. */
function logSnr(before: Level, from: Level, to: Level): number {
  return (from.lambda - before.lambda) / (to.lambda - from.lambda);
}

/** RE Eq. 4.4: the step sizes themselves. */
function kappa(before: Level, from: Level, to: Level): number {
  return (kappaOf(from) - kappaOf(before)) / (kappaOf(to) - kappaOf(from));
}

/** RE Eq. D.13, with Var_t ∝ σ_t² as Proposition 4.2 assumes. */
function normalizedVariance(before: Level, from: Level, to: Level): number {
  const removed = (noisier: Level, cleaner: Level) => 1 - (cleaner.sigma / noisier.sigma) ** 2;
  return removed(before, from) / removed(from, to);
}

/** RE Eq. D.14. */
function arctan(before: Level, from: Level, to: Level): number {
  return Math.atan(kappaOf(from) - kappaOf(before)) / Math.atan(kappaOf(to) - kappaOf(from));
}
