import { z } from "zod";
import { type Adapter, officialProcess, predictionOf, startOf, strictly, world } from "../adapter.js";
import { officialGrid, officialSkip } from "../official-grid.js";
import { dpmSolverOptions, dpmSolverPlan } from "./dpm-solver.js";

const heunOptions = z.strictObject({
  name: z.literal("heun-edm-codebase"),
  intervals: z.int(),
  denoise_to_zero: z.boolean(),
  note: z.string().optional(),
});

/** DPM-Solver-v3's EDM codebase: its DPM-Solver lowers the last orders at every step count, and has a Heun sampler. */
export const dpmSolverEdm: Adapter = (golden, file) => {
  if (golden.solver.name === "heun-edm-codebase") return heun(golden, file);
  const options = strictly(dpmSolverOptions, golden.solver, "solver");
  return dpmSolverPlan(golden, file, options, options.lower_order_final);
};

/** Heun on `intervals`, and for odd budgets one Euler step to zero. */
const heun: Adapter = (golden, file) => {
  const { intervals, denoise_to_zero } = strictly(heunOptions, golden.solver, "solver");
  const skip = strictly(officialSkip, golden.schedule, "schedule");
  return {
    denoiser: world(file, officialProcess(golden), predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      solver: "edm-heun",
      steps: denoise_to_zero ? intervals + 1 : intervals,
      grid: officialGrid(golden, skip, denoise_to_zero ? "zero" : "min"),
    },
  };
};
