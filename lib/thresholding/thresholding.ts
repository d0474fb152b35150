import { z } from "zod";
import { backendOf, type Vector } from "../device/index.js";
import { OverflowError } from "../errors.js";

/** What samples may be divided by, in float32 too. */
const limit = z
  .number()
  .positive()
  .refine((value) => Math.fround(value) > 0, "expected a number that is above 0 in float32");
const finiteLimit = limit.refine((value) => Math.fround(value) < Infinity, "expected a number of float32");

/** What is done to every data prediction, after guidance. */
export const thresholdingSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("clamp").describe("clamp to a fixed range"),
    range: z
      .tuple([z.number(), z.number()])
      .refine(([low, high]) => low <= high, "expected low <= high")
      .default([-1, 1]),
  }),
  z.strictObject({
    type: z.literal("dynamic").describe("Imagen's dynamic thresholding, per sample: for data in [-1, 1]"),
    quantile: z.number().gt(0).lte(1).default(0.995).describe("quantile of |x0| that becomes the limit"),
    floor: finiteLimit.default(1).describe("the limit is at least this"),
    ceiling: limit.default(Infinity).describe("the limit is at most this"),
  }),
]);
export type Thresholding = z.infer<typeof thresholdingSchema>;

/**
 * Applies thresholding in place. Dynamic (Saharia et al. 2022, 2.3): s = the quantile of |m| over the sample,
 * held in [floor, ceiling]; m ← clamp(m, −s, s)/s.
 * @param limits scratch for one number per row
 * @throws QuenchError MODEL_FAILED where a sample's quantile is not finite
 */
export function applyThresholding(m: Vector, rule: Thresholding, limits: Float64Array): void {
  const backend = backendOf(m);
  if (rule.type === "clamp") {
    backend.clamp(m, m, rule.range[0], rule.range[1]);
    return;
  }
  backend.absoluteQuantile(limits, m, rule.quantile, limits.length);
  for (let row = 0; row < limits.length; row++) {
    limits[row] = Math.min(Math.max(limits[row]!, rule.floor), rule.ceiling);
    if (!Number.isFinite(limits[row]))
      throw new OverflowError(`the data prediction of a sample is not finite`);
  }
  backend.threshold(m, m, limits);
}
