import { isObject, received } from "../checks/received.js";
import { requireVector } from "../checks/require-vector.js";
import { QuenchError, requireArgument } from "../errors.js";
import { firstNonFinite, type Vector } from "../native/index.js";

/**
 * How many rows of `size` numbers an array holds.
 * @throws QuenchError INVALID_ARGUMENT where it is not a whole number of finite rows; names the first row that is not
 *   finite
 */
export function finiteRows(values: Vector, size: number, where: string): number {
  requireVector(values, where);
  requireArgument(
    Number.isInteger(size) && size > 0,
    where,
    `expected rows of at least 1 number, not ${size}`,
  );
  requireArgument(
    values.length % size === 0,
    where,
    `expected rows of ${size} numbers, received ${values.length}`,
  );
  const wrong = firstNonFinite(values);
  requireArgument(
    wrong < 0,
    where,
    `sample ${Math.floor(wrong / size)} is not finite (${values[wrong]} at its number ${wrong % size})`,
  );
  return values.length / size;
}

/** @throws QuenchError INVALID_ARGUMENT where a value is no statistics of features */
export function requireStatistics(value: unknown, where: string): void {
  requireArgument(
    isObject(value),
    where,
    () => `expected statistics with mean and covariance, received ${received(value)}`,
  );
  requireVector(value.mean, `${where}.mean`);
  requireVector(value.covariance, `${where}.covariance`);
}

/** @throws QuenchError INVALID_ARGUMENT saying how many samples the metric needs at least */
export function requireSamples(metric: string, found: number, least: number, where: string): void {
  requireArgument(found >= least, where, `${metric} needs at least ${least} samples, received ${found}`);
}

/** @throws QuenchError INVALID_ARGUMENT unless the confidence is in (0, 1) */
export function requireConfidence(confidence: number): void {
  requireArgument(
    confidence > 0 && confidence < 1,
    "confidence",
    `expected a number in (0, 1), received ${confidence}`,
  );
}

/**
 * Features may only be compared with features of the same network.
 * @throws QuenchError MODEL_MISMATCH where both sides name their network and the names differ
 */
export function requireSameNetwork(a: string | undefined, b: string | undefined, where: string): void {
  if (a === undefined || b === undefined || a === b) return;
  throw new QuenchError(
    "MODEL_MISMATCH",
    `the statistics are of features of another network: sha256 ${b}, expected ${a}`,
    { where },
  );
}
