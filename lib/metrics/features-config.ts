import { z } from "zod";
import { preprocessingSchema } from "./preprocess.js";

/** features.json: a feature network beside its reference statistics. */
export const featuresSchema = z.looseObject({
  format: z.literal("quench-features"),
  version: z.literal(1),
  /** Name of the network in the folder. */
  file: z.string().default("features.onnx"),
  input: z.string().optional(),
  /** The output to compare by; of any rank, flattened per sample. Another layer's output gives sFID. */
  features: z.string().optional(),
  /** The output that holds a classifier's logits. */
  logits: z.string().optional(),
  dimension: z.int().positive().optional(),
  /** Shape of one sample. */
  shape: z.array(z.int().positive()).min(1).optional(),
  sha256: z.string().optional(),
  /** Name of an .npz in the folder with mu and sigma of real samples. */
  reference: z.string().optional(),
  /** Left out, samples go to the network as they are. A name of {@link preprocessings}, or the steps. */
  preprocess: z.union([z.string(), preprocessingSchema]).optional(),
});

export type FeaturesConfig = z.output<typeof featuresSchema>;

/** What may be said of an .onnx file that has no features.json, or said otherwise than it says. */
export type FeatureOptions = Partial<
  Pick<FeaturesConfig, "input" | "features" | "logits" | "shape" | "reference">
> & {
  readonly preprocess?: string | z.input<typeof preprocessingSchema>;
};
