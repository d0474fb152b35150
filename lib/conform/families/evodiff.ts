import { z } from "zod";
import { type Adapter, officialProcess, predictionOf, startOf, strictly, world } from "../adapter.js";
import { officialGrid, officialSkip } from "../official-grid.js";

const solver = z.strictObject({
  name: z.literal("evodiff"),
  algorithm_type: z.literal("data_prediction"),
  order: z.literal(2),
  method: z.literal("multistep"),
  lower_order_final: z.boolean(),
  denoise_to_zero: z.boolean(),
  correcting_x0_fn: z.null(),
});

/** The released EVODiff sampler of the EDM codebase. */
export const evodiff: Adapter = (golden, file) => {
  const options = strictly(solver, golden.solver, "solver");
  const process = officialProcess(golden);
  return {
    denoiser: world(file, process, predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      solver: {
        name: "evodiff",
        variant: "released",
        lastStep: options.lower_order_final ? "released" : "full",
      },
      steps: golden.steps,
      grid: officialGrid(golden, strictly(officialSkip, golden.schedule, "schedule")),
      denoiseToZero: options.denoise_to_zero,
    },
  };
};
