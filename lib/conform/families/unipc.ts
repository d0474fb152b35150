import { z } from "zod";
import { type Adapter, officialProcess, predictionOf, startOf, strictly, world } from "../adapter.js";
import { officialGrid, officialSkip } from "../official-grid.js";
import { correction, officialThresholding } from "../official-thresholding.js";

const solver = z.strictObject({
  name: z.enum(["unipc", "unipc-edm"]),
  algorithm_type: z.enum(["data_prediction", "noise_prediction"]),
  variant: z.enum(["bh1", "bh2", "vary_coeff"]),
  order: z.int().min(1).max(3),
  method: z.literal("multistep").optional(),
  lower_order_final: z.boolean(),
  ...officialThresholding,
});

/** The official UniPC, and the same in DPM-Solver-v3's EDM codebase: lower_order_final acts at every step count. */
export const unipc: Adapter = (golden, file) => {
  const options = strictly(solver, golden.solver, "solver");
  const prediction = options.algorithm_type === "data_prediction" ? "data" : "noise";
  return {
    denoiser: world(file, officialProcess(golden), predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      solver: {
        name: "unipc",
        order: options.order,
        variant: options.variant === "vary_coeff" ? "vary_coeff_released" : options.variant,
        prediction,
        lowerOrderFinal: options.lower_order_final,
      },
      steps: golden.steps,
      grid: officialGrid(golden, strictly(officialSkip, golden.schedule, "schedule")),
      ...correction(options, prediction),
    },
  };
};
