import { requireArgument } from "../errors.js";
import { isotonicRegression } from "./isotonic.js";
import { monotoneCubic } from "./monotone-cubic.js";
import type { RiskArtifact } from "./risk-artifact.js";

/** What is done to the measured values before they are used; what is left out is as the artifact says. */
export interface CurveOptions {
  /**
   * Limit the risk to the data variance. Trained models are worse than predicting the mean at very high noise, which
   * bends the curve upward. Default on, where the artifact knows the variance.
   */
  readonly ceiling?: boolean | undefined;
  /** Make the risk non-decreasing in σ̃, as the MMSE is: isotonic regression. Default off. */
  readonly monotone?: boolean | undefined;
}

/** R as a function of the scaled noise level. */
export interface RiskCurve {
  /** Increasing. */
  readonly sigma: readonly number[];
  readonly risk: readonly number[];
  /** The ceiling that was applied, if any. */
  readonly ceiling: number | null;
  readonly monotone: boolean;
  /**
   * R between the levels: monotone cubic in (ln σ̃, ln R). Above them R stays, as it does near the data variance;
   * below them it falls as σ̃², as it does where the prediction follows the noise.
   */
  at(sigma: number): number;
}

export function riskCurve(artifact: RiskArtifact, options: CurveOptions = {}): RiskCurve {
  const wantsCeiling = options.ceiling ?? artifact.curve?.ceiling ?? true;
  const monotone = options.monotone ?? artifact.curve?.monotone ?? false;
  requireArgument(
    options.ceiling !== true || artifact.dataVariance !== undefined,
    "ceiling",
    "the risk curve does not say the data variance",
  );
  const ceiling = wantsCeiling ? (artifact.dataVariance ?? null) : null;
  return curveThrough(artifact.sigma, artifact.risk, { ceiling, monotone, errors: artifact.standardError });
}

/**
 * The curve through measured values.
 * @param errors standard errors, which weigh the values where the curve is made monotone
 */
export function curveThrough(
  sigma: readonly number[],
  measured: readonly number[],
  {
    ceiling = null,
    monotone = false,
    errors,
  }: { ceiling?: number | null; monotone?: boolean; errors?: readonly number[] | undefined } = {},
): RiskCurve {
  const below = ceiling === null ? [...measured] : measured.map((value) => Math.min(value, ceiling));
  const weights = errors?.every((error) => error > 0) ? errors.map((error) => error ** -2) : undefined;
  const risk = monotone ? isotonicRegression(below, weights) : below;
  // Discrete data have risks that underflow; a logarithm needs something.
  const floor = 1e-15 * risk.reduce((a, b) => Math.max(a, b));
  const logRisk = monotoneCubic(
    sigma.map(Math.log),
    risk.map((value) => Math.log(Math.max(value, floor))),
  );
  const [lowest, highest] = [sigma[0]!, sigma.at(-1)!];
  return {
    sigma,
    risk,
    ceiling,
    monotone,
    at(level) {
      if (level >= highest) return Math.exp(logRisk(Math.log(highest)));
      if (level <= lowest) return Math.exp(logRisk(Math.log(lowest))) * (level / lowest) ** 2;
      return Math.exp(logRisk(Math.log(level)));
    },
  };
}
