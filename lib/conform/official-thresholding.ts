import { z } from "zod";
import type { SampleRequest } from "../engine/index.js";
import type { PredictionForm } from "../process/index.js";
import { Unsupported } from "./adapter.js";

/** The thresholding options of the official DPM-Solver code and its descendants. */
export const officialThresholding = {
  correcting_x0_fn: z.literal("dynamic_thresholding").nullish(),
  thresholding_max_val: z.number().optional(),
  dynamic_thresholding_ratio: z.number().optional(),
  denoise_to_zero: z.boolean(),
};

interface Options {
  readonly correcting_x0_fn?: "dynamic_thresholding" | null | undefined;
  readonly thresholding_max_val?: number | undefined;
  readonly dynamic_thresholding_ratio?: number | undefined;
  readonly denoise_to_zero: boolean;
}

/**
 * Thresholding and the last evaluation as a request has them. Upstream thresholds data predictions only, so a solver
 * of noise predictions is not thresholded, except in its last evaluation: that mixture Quench does not have.
 */
export function correction(
  options: Options,
  prediction: PredictionForm,
): Pick<SampleRequest, "thresholding" | "denoiseToZero"> {
  const denoiseToZero = options.denoise_to_zero;
  if (!options.correcting_x0_fn) return { denoiseToZero };
  if (prediction === "noise") {
    if (denoiseToZero) throw new Unsupported("thresholding of the last data prediction alone");
    return { denoiseToZero };
  }
  const { thresholding_max_val: floor = 1, dynamic_thresholding_ratio: quantile = 0.995 } = options;
  return { denoiseToZero, thresholding: { type: "dynamic", quantile, floor } };
}
