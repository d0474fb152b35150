import { QuenchError } from "../errors.js";

/** Share of the range by which floats may lie outside: resampled pictures overshoot a little. */
const slack = 0.05;

/**
 * Floats are taken as they are, so those of another range (0…255, or 0…1 for a model of [-1, 1]) would be measured
 * as if they were the model's data. Beyond the range they are refused; in the upper half of it alone they may be
 * right, and whoever reads the process's warnings is told.
 * @throws QuenchError INVALID_FILE
 */
export function requireInRange(
  values: ArrayLike<number>,
  [low, high]: readonly [number, number],
  path: string,
  first: number,
): void {
  const [margin, middle] = [slack * (high - low), (low + high) / 2];
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  if (least < low - margin || most > high + margin) {
    throw new QuenchError(
      "INVALID_FILE",
      `expected floats in the model's value range [${low}, ${high}], received some from ${least} to ${most}: scale them to it, or write bytes, which are`,
      { where: path },
    );
  }
  if (first === 0 && least >= middle && most > least) {
    process.emitWarning(
      `the first values of ${path} lie in [${least}, ${most}], the upper half of the model's range [${low}, ${high}]: are they scaled to another?`,
      { code: "QUENCH_VALUE_RANGE" },
    );
  }
}
