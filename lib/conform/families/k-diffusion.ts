import { z } from "zod";
import type { SampleRequest } from "../../engine/index.js";
import { type Adapter, officialProcess, predictionOf, startOf, strictly, world } from "../adapter.js";

const name = <Name extends string>(sampler: Name) => z.literal(`sample_${sampler}` as const);
const eta = z.number().optional();
const s_noise = z.number().optional();
const ancestral = { eta, s_noise };
const churned = {
  s_churn: z.number().optional(),
  s_tmin: z.number().optional(),
  s_tmax: z.number().optional(),
  s_noise,
};

const sampler = z.discriminatedUnion("name", [
  z.strictObject({ name: name("euler"), ...churned }),
  z.strictObject({ name: name("heun"), ...churned }),
  z.strictObject({ name: name("dpm_2"), ...churned }),
  z.strictObject({ name: name("lms"), order: z.int().optional() }),
  z.strictObject({ name: name("euler_ancestral"), ...ancestral }),
  z.strictObject({ name: name("dpm_2_ancestral"), ...ancestral }),
  z.strictObject({ name: name("dpmpp_2s_ancestral"), ...ancestral }),
  z.strictObject({ name: name("dpmpp_sde"), ...ancestral, r: z.number().optional() }),
  z.strictObject({ name: name("dpm_fast"), ...ancestral }),
  z.strictObject({ name: name("dpmpp_2m") }),
  z.strictObject({
    name: name("dpmpp_2m_sde"),
    ...ancestral,
    solver_type: z.enum(["midpoint", "heun"]).optional(),
  }),
  z.strictObject({ name: name("dpmpp_3m_sde"), ...ancestral }),
]);
type Sampler = z.output<typeof sampler>;

const ours = {
  sample_euler: "euler",
  sample_heun: "edm-heun",
  sample_dpm_2: "dpm2",
  sample_lms: "lms",
  sample_euler_ancestral: "euler-ancestral",
  sample_dpm_2_ancestral: "dpm2-ancestral",
  sample_dpmpp_2s_ancestral: "dpm-solver++-2s-ancestral",
  sample_dpmpp_sde: "dpm-solver++-sde",
  sample_dpm_fast: "dpm-fast",
  sample_dpmpp_2m: "dpm-solver++-2m",
  sample_dpmpp_2m_sde: "sde-dpm-solver++-2m",
  sample_dpmpp_3m_sde: "sde-dpm-solver++-3m",
} as const satisfies Record<Sampler["name"], string>;

const schedule = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.enum(["karras", "karras-sd", "exponential", "polyexponential", "vp"]),
    n: z.int(),
    sigma_min: z.number(),
    sigma_max: z.number(),
    rho: z.number().nullable(),
    append_zero: z.literal(true),
  }),
  z.strictObject({
    kind: z.literal("log-sigma uniform"),
    outer: z.int(),
    sigma_min: z.number(),
    sigma_max: z.number(),
  }),
]);

const rules = {
  karras: "edm",
  "karras-sd": "edm",
  exponential: "log-snr",
  polyexponential: "polyexponential",
  vp: "vp",
  "log-sigma uniform": "log-snr",
} as const;

/** Crowson's k-diffusion: noise levels of a rule and a last step to zero, but for DPM fast. */
export const kDiffusion: Adapter = (golden, file) => {
  const options = strictly(sampler, golden.solver, "solver");
  const grid = strictly(schedule, golden.schedule, "schedule");
  const rho = "rho" in grid ? grid.rho : null;
  return {
    denoiser: world(file, officialProcess(golden), predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      solver: solverOf(options),
      steps: golden.steps,
      grid: {
        schedule: rules[grid.kind],
        sigmaMin: grid.sigma_min,
        sigmaMax: grid.sigma_max,
        final: grid.kind === "log-sigma uniform" ? "min" : "zero",
        ...(rho === null ? {} : { rho }),
      },
    },
  };
};

function solverOf(options: Sampler): NonNullable<SampleRequest["solver"]> {
  const solver = { name: ours[options.name] };
  switch (options.name) {
    case "sample_euler":
    case "sample_heun":
    case "sample_dpm_2":
      return {
        ...solver,
        churn: options.s_churn,
        churnMin: options.s_tmin,
        churnMax: options.s_tmax,
        churnNoise: options.s_noise,
      };
    case "sample_lms":
      return { ...solver, order: options.order };
    case "sample_dpmpp_2m":
      return { ...solver, lowerOrderFinal: false };
  }
  const noise = { eta: options.eta, noiseScale: options.s_noise };
  switch (options.name) {
    case "sample_dpmpp_sde":
      return { ...solver, ...noise, r: options.r };
    case "sample_dpmpp_2m_sde":
      return { ...solver, ...noise, correction: options.solver_type, lowerOrderFinal: false };
    case "sample_dpmpp_3m_sde":
      return { ...solver, ...noise, variant: "released", correction: "heun", lowerOrderFinal: false };
    default:
      return { ...solver, ...noise };
  }
}
