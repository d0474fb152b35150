import { createRequire } from "node:module";

interface Statistics {
  readonly normal: { cdf(x: number, mean: number, std: number): number };
  readonly chisquare: { cdf(x: number, degrees: number): number };
  readonly studentt: { inv(p: number, degrees: number): number };
  gammaln(x: number): number;
}

/** jStat has no types of its own; loaded when a metric first needs it. */
let loaded: Statistics | undefined;
function jStat(): Statistics {
  loaded ??= (createRequire(import.meta.url)("jstat") as { jStat: Statistics }).jStat;
  return loaded;
}

/** Φ((x − mean) / std); a step where std is 0. */
export function normalCdf(x: number, mean: number, std: number): number {
  return std === 0 ? (x >= mean ? 1 : 0) : jStat().normal.cdf(x, mean, std);
}

/** P(χ² ≥ x); below about 1e-16 it is 0. */
export function chiSquaredTail(x: number, degrees: number): number {
  return Math.max(0, 1 - jStat().chisquare.cdf(x, degrees));
}

/** The p-quantile of Student's t. */
export function studentQuantile(p: number, degrees: number): number {
  return jStat().studentt.inv(p, degrees);
}

/** ln Γ(x), x > 0. */
export function logGamma(x: number): number {
  return jStat().gammaln(x);
}
