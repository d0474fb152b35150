import { z } from "zod";
import { edm } from "../../process/index.js";
import { type Adapter, officialProcess, predictionOf, startOf, strictly, world } from "../adapter.js";

const churn = {
  S_churn: z.number(),
  S_min: z.number().optional(),
  S_max: z.number().nullish(),
  S_noise: z.number().optional(),
};
const churnOf = (options: { [Key in keyof typeof churn]?: z.output<(typeof churn)[Key]> }) => ({
  churn: options.S_churn,
  churnMin: options.S_min,
  churnMax: options.S_max ?? undefined,
  churnNoise: options.S_noise,
});

const proposed = {
  solver: z.strictObject({ name: z.literal("edm-heun"), num_steps: z.int(), ...churn }),
  schedule: z.strictObject({
    kind: z.literal("edm"),
    rho: z.number(),
    sigma_min: z.number(),
    sigma_max: z.number(),
  }),
};

const ablation = {
  solver: z.strictObject({
    name: z.literal("edm-ablation"),
    solver: z.enum(["euler", "heun"]),
    alpha: z.number(),
    ...churn,
    epsilon_s: z.literal(1e-3),
    C_1: z.literal(0.001),
    C_2: z.literal(0.008),
    M: z.literal(1000),
    rho: z.number().optional(),
  }),
  schedule: z.strictObject({
    discretization: z.enum(["vp", "ve", "iddpm", "edm"]),
    schedule: z.enum(["vp", "ve", "linear"]),
    scaling: z.enum(["vp", "none"]),
    sigma_min: z.number(),
    sigma_max: z.number(),
  }),
};
/** EDM's "ve" levels fall geometrically. */
const rules = { vp: "vp", ve: "log-snr", iddpm: "iddpm", edm: "edm" } as const;

/** NVlabs/edm's samplers: `num_steps` noise levels and a last step to zero. */
export const edmHeun: Adapter = (golden, file) => {
  if (golden.solver.name === "edm-ablation") return edmAblation(golden, file);
  const options = strictly(proposed.solver, golden.solver, "solver");
  const { rho } = strictly(proposed.schedule, golden.schedule, "schedule");
  return {
    denoiser: world(file, officialProcess(golden), predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      solver: { name: "edm-heun", ...churnOf(options) },
      steps: golden.steps,
      grid: { schedule: "edm", rho },
    },
  };
};

/** The generalised sampler. Its x_T is the unit latent, and its state s x, which at the end is x. */
const edmAblation: Adapter = (golden, file) => {
  const options = strictly(ablation.solver, golden.solver, "solver");
  const choice = strictly(ablation.schedule, golden.schedule, "schedule");
  const process = edm({ sigmaMin: choice.sigma_min, sigmaMax: choice.sigma_max });
  const start = golden.timesteps![0]!; // σ of the first model call
  return {
    denoiser: world(file, process, predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      initial: golden.x_T.map((value) => value * start),
      solver: {
        name: "edm-general",
        method: options.solver,
        clock: choice.schedule,
        scaling: choice.scaling,
        alpha: options.alpha,
        ...churnOf(options),
      },
      steps: golden.steps,
      grid: {
        schedule: rules[choice.discretization],
        ...(choice.discretization === "edm" && options.rho ? { rho: options.rho } : {}),
      },
    },
  };
};
