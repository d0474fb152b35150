import { requireArgument, requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { argMax } from "./arg-max.js";
import { finiteRows, requireSamples } from "./check.js";
import { mean } from "./mean.js";

export interface Accuracy {
  /** Share of the samples that the classifier takes for the class they were asked to be. */
  readonly accuracy: number;
  /** 1 or 0 per sample: {@link bootstrapMean} gives its uncertainty. */
  readonly perSample: Uint8Array;
}

/**
 * How many samples of a class-conditional model a classifier recognises: the share of rows whose largest logit is at
 * the label; of equal ones the first counts.
 *
 * @param logits samples × classes
 * @param labels the class asked for, one per sample
 * @throws QuenchError INVALID_ARGUMENT for no samples, numbers that are not finite, or labels that do not fit them
 */
export function classAccuracy(logits: Vector, classes: number, labels: ArrayLike<number>): Accuracy {
  const rows = finiteRows(logits, classes, "logits");
  requireSamples("the accuracy", rows, 1, "logits");
  requireArgument(
    labels.length === rows,
    "labels",
    `expected ${rows}, one per sample, received ${labels.length}`,
  );
  const perSample = Uint8Array.from({ length: rows }, (_, row) => {
    const label = labels[row]!;
    requireInteger(label, `labels[${row}]`, { least: 0, most: classes - 1 });
    return argMax(logits.subarray(row * classes, (row + 1) * classes)) === label ? 1 : 0;
  });
  return { accuracy: mean(perSample), perSample };
}
