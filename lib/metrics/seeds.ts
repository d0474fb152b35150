import { requireArgument } from "../errors.js";
import { requireConfidence } from "./check.js";
import { studentQuantile } from "./distributions.js";
import { mean, standardDeviation } from "./mean.js";

export interface SeedSummary {
  readonly mean: number;
  /** Sample standard deviation over the seeds (divided by n − 1). */
  readonly standardDeviation: number;
  /** Of the mean: standardDeviation / √n. */
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/**
 * A metric over several seeds, each a draw of its own: mean ± t_{n−1} s/√n (Student's t). For the difference of two
 * methods give the differences seed by seed.
 *
 * @param values one per seed, at least 2
 * @param confidence in (0, 1). Default 0.95.
 * @throws QuenchError INVALID_ARGUMENT for fewer than 2 values, or another confidence
 */
export function overSeeds(values: ArrayLike<number>, confidence = 0.95): SeedSummary {
  const n = values.length;
  requireArgument(n >= 2, "values", `an interval over seeds needs at least 2 of them, received ${n}`);
  requireConfidence(confidence);
  const centre = mean(values);
  const deviation = standardDeviation(values);
  const standardError = deviation / Math.sqrt(n);
  const reach = studentQuantile((1 + confidence) / 2, n - 1) * standardError;
  return {
    mean: centre,
    standardDeviation: deviation,
    standardError,
    low: centre - reach,
    high: centre + reach,
    confidence,
  };
}
