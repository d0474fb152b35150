import { z } from "zod";
import { type ErrorCode, QuenchError, unknownName } from "../errors.js";

/*
 * What each scheduler class of diffusers reads from its configuration to place timesteps and take steps, with the
 * class's own defaults. The trained process (betas, prediction type) is read by lib/denoiser.
 */

/** A number that may be infinite, which JSON from Python can hold. */
const anyNumber = z.custom<number>(
  (value) => typeof value === "number" && !Number.isNaN(value),
  "expected a number",
);

const spacing = (initial: "linspace" | "leading" | "trailing") => ({
  timestep_spacing: z.enum(["linspace", "leading", "trailing"]).default(initial),
  steps_offset: z.int().nonnegative().default(0),
});

const thresholding = {
  thresholding: z.boolean().default(false),
  dynamic_thresholding_ratio: z.number().gt(0).lte(1).default(0.995),
  sample_max_value: z.number().positive().default(1),
};

const clipping = (initial: boolean) => ({
  clip_sample: z.boolean().default(initial),
  clip_sample_range: z.number().positive().default(1),
});

const sigmaRules = {
  use_karras_sigmas: z.boolean().default(false),
  use_exponential_sigmas: z.boolean().default(false),
  use_beta_sigmas: z.boolean().default(false),
};

const sigmaRange = {
  sigma_min: z.number().positive().optional(),
  sigma_max: z.number().positive().optional(),
};
const finalSigma = { final_sigmas_type: z.enum(["zero", "sigma_min"]).default("zero") };
const zeroSnr = { rescale_betas_zero_snr: z.boolean().default(false) };

/** Options of other schedulers' configurations that from_pretrained carries over, as diffusers reads them. */
const dpmSolverType = z
  .enum(["midpoint", "heun", "logrho", "bh1", "bh2"])
  .default("midpoint")
  .transform((type) => (type === "heun" ? "heun" : "midpoint"));
const dpmAlgorithm = z
  .enum(["dpmsolver", "dpmsolver++", "sde-dpmsolver", "sde-dpmsolver++", "deis"])
  .default("dpmsolver++")
  .transform((type) => (type === "deis" ? "dpmsolver++" : type));

/** The arguments of `scheduler.step()`, as options beside the configuration's. */
const churn = {
  s_churn: z.number().nonnegative().default(0),
  s_tmin: z.number().nonnegative().default(0),
  s_tmax: anyNumber.default(Number.POSITIVE_INFINITY),
  s_noise: z.number().positive().default(1),
};

const dpmSolver = {
  ...thresholding,
  ...sigmaRules,
  ...finalSigma,
  solver_order: z.int().min(1).max(3).default(2),
  algorithm_type: dpmAlgorithm,
  solver_type: dpmSolverType,
  lower_order_final: z.boolean().default(true),
  lambda_min_clipped: anyNumber.default(Number.NEGATIVE_INFINITY),
  variance_type: z.never("a learned variance is not supported").optional(),
};

const karrasRange = {
  sigma_min: z.number().positive().default(0.002),
  sigma_max: z.number().positive().default(80),
  sigma_data: z.number().positive().default(0.5),
  sigma_schedule: z.enum(["karras", "exponential"]).default("karras"),
  rho: z.number().positive().default(7),
  ...finalSigma,
};

export const schedulerOptions = {
  DDIMScheduler: z.object({
    ...spacing("leading"),
    ...thresholding,
    ...clipping(true),
    ...zeroSnr,
    set_alpha_to_one: z.boolean().default(true),
    eta: z.number().min(0).max(1).default(0),
    use_clipped_model_output: z.boolean().default(false),
  }),
  DDPMScheduler: z.object({
    ...spacing("leading"),
    ...thresholding,
    ...clipping(true),
    ...zeroSnr,
    variance_type: z.enum(["fixed_small", "fixed_small_log", "fixed_large"]).default("fixed_small"),
  }),
  PNDMScheduler: z.object({
    ...spacing("leading"),
    skip_prk_steps: z.boolean().default(false),
    set_alpha_to_one: z.boolean().default(false),
  }),
  DEISMultistepScheduler: z.object({
    ...spacing("linspace"),
    ...thresholding,
    ...sigmaRules,
    ...sigmaRange,
    solver_order: z.int().min(1).max(3).default(2),
    algorithm_type: z.enum(["deis", "dpmsolver", "dpmsolver++"]).default("deis"),
    solver_type: z.enum(["logrho", "midpoint", "heun", "bh1", "bh2"]).default("logrho"),
    lower_order_final: z.boolean().default(true),
  }),
  DPMSolverMultistepScheduler: z.object({
    ...spacing("linspace"),
    ...dpmSolver,
    ...zeroSnr,
    use_lu_lambdas: z.boolean().default(false),
    euler_at_final: z.boolean().default(false),
  }),
  DPMSolverSinglestepScheduler: z.object(dpmSolver),
  UniPCMultistepScheduler: z.object({
    ...spacing("linspace"),
    ...thresholding,
    ...sigmaRules,
    ...sigmaRange,
    ...finalSigma,
    ...zeroSnr,
    solver_order: z.int().min(1).max(3).default(2),
    predict_x0: z.boolean().default(true),
    solver_type: z
      .enum(["bh1", "bh2", "midpoint", "heun", "logrho"])
      .default("bh2")
      .transform((type) => (type === "bh1" ? "bh1" : "bh2")),
    lower_order_final: z.boolean().default(true),
    disable_corrector: z.array(z.int().nonnegative()).default([]),
    solver_p: z.never("a scheduler as predictor is not supported").optional(),
  }),
  EulerDiscreteScheduler: z.object({
    ...spacing("linspace"),
    ...sigmaRules,
    ...sigmaRange,
    ...finalSigma,
    ...zeroSnr,
    ...churn,
    interpolation_type: z.enum(["linear", "log_linear"]).default("linear"),
    timestep_type: z.enum(["discrete", "continuous"]).default("discrete"),
  }),
  EulerAncestralDiscreteScheduler: z.object({ ...spacing("linspace"), ...zeroSnr }),
  HeunDiscreteScheduler: z.object({ ...spacing("linspace"), ...sigmaRules, ...clipping(false) }),
  KDPM2DiscreteScheduler: z.object({ ...spacing("linspace"), ...sigmaRules }),
  KDPM2AncestralDiscreteScheduler: z.object({ ...spacing("linspace"), ...sigmaRules }),
  LMSDiscreteScheduler: z.object({ ...spacing("linspace"), ...sigmaRules }),
  EDMEulerScheduler: z.object({ ...karrasRange, ...churn }),
  EDMDPMSolverMultistepScheduler: z.object({
    ...karrasRange,
    ...thresholding,
    solver_order: z.int().min(1).max(3).default(2),
    algorithm_type: z.enum(["dpmsolver++", "sde-dpmsolver++"]).default("dpmsolver++"),
    solver_type: dpmSolverType,
    lower_order_final: z.boolean().default(true),
    euler_at_final: z.boolean().default(false),
  }),
  FlowMatchEulerDiscreteScheduler: z.object({
    shift: z.number().positive().default(1),
    use_dynamic_shifting: z.boolean().default(false),
    time_shift_type: z.enum(["exponential", "linear"]).default("exponential"),
    mu: z.number().optional(),
    shift_terminal: z.number().gt(0).lt(1).optional(),
    ...sigmaRules,
    invert_sigmas: z.literal(false).default(false),
    stochastic_sampling: z.literal(false).default(false),
    base_shift: z.number().optional(),
    max_shift: z.number().optional(),
    base_image_seq_len: z.number().optional(),
    max_image_seq_len: z.number().optional(),
  }),
};

export type SchedulerClass = keyof typeof schedulerOptions;
export type SchedulerOptions<Name extends SchedulerClass> = z.output<(typeof schedulerOptions)[Name]>;

/** The classes that a configuration may name. */
const schedulerClasses = Object.keys(schedulerOptions) as SchedulerClass[];

/** What lib/denoiser reads, and what diffusers writes for itself. */
const common = [
  "_class_name",
  "_diffusers_version",
  "_name_or_path",
  "_use_default_values",
  "num_train_timesteps",
  "beta_start",
  "beta_end",
  "beta_schedule",
  "trained_betas",
  "prediction_type",
  "use_flow_sigmas",
  "flow_shift",
  "clip_sample",
  "skip_prk_steps",
  "solver_p",
  "num_sigmas",
];

const known = new Set([
  ...common,
  ...Object.values(schedulerOptions).flatMap((schema) => Object.keys(schema.shape)),
]);

/** The class a configuration names. */
export function schedulerClass(config: Readonly<Record<string, unknown>>): SchedulerClass {
  const name = config._class_name;
  if (typeof name !== "string")
    throw fail("INVALID_ARGUMENT", "_class_name", "expected the name of a scheduler class");
  if (!Object.hasOwn(schedulerOptions, name)) throw unknownName("scheduler class", name, schedulerClasses);
  return name as SchedulerClass;
}

/**
 * Reads the options of a class. As diffusers does, options that only other classes have are passed over; null is
 * absent.
 * @throws QuenchError UNKNOWN_NAME for an option that no scheduler has, INVALID_ARGUMENT for a value the class or
 * Quench does not support
 */
export function readOptions<Name extends SchedulerClass>(
  name: Name,
  config: Readonly<Record<string, unknown>>,
): SchedulerOptions<Name> {
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
  for (const key of Object.keys(given)) {
    if (!known.has(key)) throw unknownName(`option of ${name}`, key, [...known]);
  }
  const result = schedulerOptions[name].safeParse(given);
  if (result.success) return result.data as SchedulerOptions<Name>;
  const issue = result.error.issues[0]!;
  const place = issue.path.map(String).join(".");
  throw fail("INVALID_ARGUMENT", `${name}.${place}`, issue.message);
}

function fail(code: ErrorCode, where: string, message: string): QuenchError {
  return new QuenchError(code, message, { where });
}
