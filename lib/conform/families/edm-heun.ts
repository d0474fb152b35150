import { z } from "zod";
import { type Adapter, officialProcess, predictionOf, startOf, strictly, world } from "../adapter.js";

const solver = z.strictObject({
  name: z.literal("edm-heun"),
  num_steps: z.int(),
  S_churn: z.number(),
  S_min: z.number(),
  S_max: z.number().nullable(),
  S_noise: z.number(),
});

const schedule = z.strictObject({
  kind: z.literal("edm"),
  rho: z.number(),
  sigma_min: z.number(),
  sigma_max: z.number(),
});

/** NVlabs/edm's sampler: `num_steps` noise levels and a last step to zero. */
export const edmHeun: Adapter = (golden, file) => {
  const options = strictly(solver, golden.solver, "solver");
  const { rho } = strictly(schedule, golden.schedule, "schedule");
  return {
    denoiser: world(file, officialProcess(golden), predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      solver: {
        name: "edm-heun",
        churn: options.S_churn,
        churnMin: options.S_min,
        ...(options.S_max === null ? {} : { churnMax: options.S_max }),
        churnNoise: options.S_noise,
      },
      steps: golden.steps,
      grid: { schedule: "edm", rho },
    },
  };
};
