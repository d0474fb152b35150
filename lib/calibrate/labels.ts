import { received } from "../checks/received.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { requireArgument } from "../errors.js";

export interface CleanLabels {
  /** For the record. */
  readonly description: "none" | "of the images" | "null class";
  readonly values: Int32Array | undefined;
}

/**
 * The class of every clean sample that a model is measured on; the null class where none are given.
 * @throws QuenchError INVALID_ARGUMENT
 */
export function cleanLabels(
  { classes, nullClass, name }: Denoiser,
  labels: Int32Array | undefined,
  rows: number,
): CleanLabels {
  if (!classes) {
    requireArgument(labels === undefined, "labels", `the model "${name}" is not class-conditional`);
    return { description: "none", values: undefined };
  }
  if (labels === undefined) {
    requireArgument(
      nullClass !== undefined,
      "labels",
      `"${name}" is class-conditional and has no null class`,
    );
    return { description: "null class", values: new Int32Array(rows).fill(nullClass) };
  }
  requireArgument(
    labels instanceof Int32Array,
    "labels",
    () => `expected an Int32Array, received ${received(labels)}`,
  );
  requireArgument(labels.length >= rows, "labels", `expected ${rows} labels, received ${labels.length}`);
  const bad = labels
    .subarray(0, rows)
    .findIndex((label) => label !== nullClass && !(label >= 0 && label < classes.length));
  requireArgument(
    bad < 0,
    "labels",
    () => `expected classes from 0 to ${classes.length - 1}, received ${labels[bad]} for sample ${bad}`,
  );
  return { description: "of the images", values: labels };
}
