import { requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { finiteRows, requireSamples } from "./check.js";
import { mean } from "./mean.js";

export interface InceptionScore {
  /** Mean of `perSplit`; from 1 (worst) to the number of classes. */
  readonly score: number;
  /** Standard deviation over the splits (divided by their number, as in the original code). */
  readonly standardDeviation: number;
  readonly perSplit: Float64Array;
}

/**
 * Inception score (Salimans et al. 2016) for the logits of any classifier: exp E_x KL(p(y|x) ‖ p(y)), with p(y) the
 * mean over a split. Splits are consecutive ⌊n/splits⌋ samples, the last ones left over are dropped. The score falls
 * with fewer samples per split: compare only equal counts and splits.
 *
 * @param logits samples × classes, before softmax
 * @param splits default 10
 * @throws QuenchError INVALID_ARGUMENT for fewer samples than splits, or numbers that are not finite
 */
export function inceptionScore(logits: Vector, classes: number, splits = 10): InceptionScore {
  const rows = finiteRows(logits, classes, "logits");
  requireInteger(splits, "splits");
  requireSamples(`the Inception score with ${splits} splits`, rows, splits, "logits");
  const length = Math.floor(rows / splits);
  const perSplit = Float64Array.from({ length: splits }, (_, split) =>
    scoreOf(
      logits.subarray(split * length * classes, (split + 1) * length * classes) as Vector,
      length,
      classes,
    ),
  );
  const score = mean(perSplit);
  const standardDeviation = Math.sqrt(mean(perSplit.map((value) => (value - score) ** 2)));
  return { score, standardDeviation, perSplit };
}

/** KL of a split's rows to their mean: Σ_y p(y|x) log p(y|x), averaged, less Σ_y p(y) log p(y). */
function scoreOf(logits: Vector, rows: number, classes: number): number {
  const marginal = new Float64Array(classes);
  let negativeEntropy = 0;
  for (let row = 0; row < rows; row++) {
    const own = Float64Array.from(logits.subarray(row * classes, (row + 1) * classes));
    const largest = own.reduce((a, b) => Math.max(a, b), -Infinity);
    let total = 0;
    for (const logit of own) total += Math.exp(logit - largest);
    const normaliser = largest + Math.log(total);
    for (let y = 0; y < classes; y++) {
      const logProbability = own[y]! - normaliser;
      const probability = Math.exp(logProbability);
      marginal[y]! += probability / rows;
      if (probability > 0) negativeEntropy += (probability * logProbability) / rows;
    }
  }
  const ofMarginal = marginal.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
  return Math.exp(negativeEntropy - ofMarginal);
}
