import { z } from "zod";
import type { SampleRequest } from "../../engine/index.js";
import { type Adapter, officialProcess, predictionOf, startOf, strictly, world } from "../adapter.js";

const common = {
  num_steps: z.int(),
  intervals: z.int(),
  denoise_to_zero: z.boolean().optional(),
};
const afs = z.boolean().optional();
const corrected = {
  predict_x0: z.boolean(),
  lower_order_final: z.boolean(),
  dynamic_thresholding: z.enum([
    "upstream hard-wired (p=0.995, max 1.0) on every x0 prediction",
    "disabled (function replaced by identity)",
    "not applied (noise prediction)",
  ]),
};
const upToFour = z.int().min(1).max(4);
const upToThree = z.int().min(1).max(3);

const solver = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("euler"), ...common, afs }),
  z.strictObject({ name: z.literal("heun"), ...common, afs }),
  z.strictObject({ name: z.literal("dpm2"), ...common, afs, r: z.number().optional() }),
  z.strictObject({ name: z.literal("ipndm"), ...common, afs, max_order: upToFour }),
  z.strictObject({ name: z.literal("ipndm_v"), ...common, afs, max_order: upToFour }),
  z.strictObject({ name: z.literal("deis_tab"), ...common, afs, max_order: upToFour }),
  z.strictObject({ name: z.literal("deis_rhoab"), ...common, afs, max_order: upToFour }),
  z.strictObject({ name: z.literal("dpmpp"), ...common, ...corrected, max_order: upToThree }),
  z.strictObject({
    name: z.literal("unipc"),
    ...common,
    ...corrected,
    max_order: upToThree,
    variant: z.enum(["bh1", "bh2"]),
  }),
]);
type Solver = z.output<typeof solver>;

const schedule = z.strictObject({
  schedule_type: z.enum(["polynomial", "logsnr", "time_uniform"]),
  schedule_rho: z.number(),
  sigma_min: z.number(),
  sigma_max: z.number(),
});
const rules = { polynomial: "edm", logsnr: "log-snr", time_uniform: "vp" } as const;

/** zju-pi/diff-sampler: everything on the EDM process, ending at its smallest noise level. */
export const diffSampler: Adapter = (golden, file) => {
  const options = strictly(solver, golden.solver, "solver");
  const { schedule_type, schedule_rho, sigma_min, sigma_max } = strictly(
    schedule,
    golden.schedule,
    "schedule",
  );
  const thresholded =
    "dynamic_thresholding" in options && options.dynamic_thresholding.startsWith("upstream");
  return {
    denoiser: world(file, officialProcess(golden), predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      solver: solverOf(options),
      steps: options.intervals,
      grid: {
        schedule: rules[schedule_type],
        sigmaMin: sigma_min,
        sigmaMax: sigma_max,
        final: "min",
        ...(schedule_type === "logsnr" ? {} : { rho: schedule_rho }),
      },
      denoiseToZero: options.denoise_to_zero ?? false,
      ...(thresholded ? { thresholding: { type: "dynamic" as const, quantile: 0.995, floor: 1 } } : {}),
    },
  };
};

function solverOf(options: Solver): NonNullable<SampleRequest["solver"]> {
  switch (options.name) {
    case "euler":
      return { name: "euler", analyticFirstStep: options.afs };
    case "heun":
      return { name: "edm-heun", analyticFirstStep: options.afs };
    case "dpm2":
      return { name: "dpm2", r: options.r, analyticFirstStep: options.afs };
    case "ipndm":
      return { name: "ipndm", order: options.max_order, analyticFirstStep: options.afs };
    case "ipndm_v":
      return {
        name: "ipndm-v",
        order: options.max_order,
        weights: "released",
        analyticFirstStep: options.afs,
      };
    case "deis_tab":
      return {
        name: "deis-tab",
        order: options.max_order,
        time: "vp",
        quadrature: "released",
        analyticFirstStep: options.afs,
      };
    case "deis_rhoab":
      return { name: "deis-rho-ab", order: options.max_order, analyticFirstStep: options.afs };
    case "dpmpp": {
      const family = options.predict_x0 ? "dpm-solver++" : "dpm-solver";
      if (options.max_order === 1) return `${family}-1`;
      return {
        name: `${family}-${options.max_order}m`,
        lowerOrderFinal: options.lower_order_final,
        ...(options.max_order === 3 ? { variant: "released" } : {}),
      };
    }
    case "unipc":
      return {
        name: "unipc",
        order: options.max_order,
        variant: options.variant,
        prediction: options.predict_x0 ? "data" : "noise",
        lowerOrderFinal: options.lower_order_final,
      };
  }
}
