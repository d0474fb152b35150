import { z } from "zod";
import { list } from "../checks/list.js";
import type { DeepReadonly } from "../deep-readonly.js";
import { requestSchema } from "../engine/index.js";
import { presetSchema } from "../preset/index.js";

const { solver, grid, guidance, initialScale, thresholding, denoiseToZero, dtype, seed } =
  requestSchema.shape;
const counts = list(z.int().min(1).max(100_000)).min(1);

/** One row of a table: a way to draw samples, under the name that the table shows. */
const methodSchema = z
  .strictObject({
    name: z.string().min(1).optional().describe("what the tables call it; default the solver's name"),
    solver: solver.unwrap().optional().describe("a solver's name, or its name with options"),
    grid,
    guidance,
    initialScale,
    thresholding,
    denoiseToZero: denoiseToZero.unwrap().optional(),
    dtype: dtype.unwrap().optional().describe("default float64 on mixtures, else float32"),
    steps: counts.optional().describe("step counts of this method, instead of the plan's"),
    nfe: counts.optional().describe("model calls of this method, instead of the plan's"),
    presets: list(z.union([z.string(), presetSchema]))
      .min(1)
      .optional()
      .describe("instead of a solver: presets or their files, each for its own number of model calls"),
  })
  .superRefine((method, context) => {
    const issue = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    const { solver, presets } = method;
    if ((solver === undefined) === (presets === undefined))
      issue("solver", "expected either a solver or presets");
    if (!presets) return;
    const open = new Set(["name", "presets", "dtype"]);
    for (const [key, value] of Object.entries(method))
      if (value !== undefined && key !== "solver" && !open.has(key))
        issue(key, "the presets bring their own");
  });

/** What `evaluate` runs: the cross product of methods and step counts, each with the same noises. */
export const planSchema = z.strictObject({
  $schema: z.string().optional(),
  methods: list(methodSchema).min(1),
  steps: counts.optional().describe("solver steps of every method"),
  nfe: counts
    .optional()
    .describe("model calls of every method: each takes as many steps as they allow; either these or steps"),
  samples: z.int().min(2).max(10_000_000).default(500).describe("samples per seed"),
  seeds: list(seed.unwrap())
    .min(1)
    .default([0])
    .describe("seeds of the noises; sample i of seed s has the noise of (s, i) in every cell"),
  labels: z
    .union([z.enum(["all", "none"]), list(z.int().nonnegative()).min(1)])
    .optional()
    .describe("classes, cycled over the samples; default all of a class-conditional model"),
  guidance: guidance.describe("guidance scale of the methods that name none"),
  metrics: list(z.string()).min(1).optional().describe("default all that the model and its features allow"),
  features: z.string().optional().describe("folder of features.json; default the model's own"),
  real: z
    .string()
    .optional()
    .describe("real samples for kid, precision and recall; default heldout.npy in the model's folder"),
  reference: z
    .strictObject({
      solver: solver.unwrap(),
      steps: z.int().min(2),
      schedule: z.string().optional().describe("default log-snr"),
    })
    .optional()
    .describe("how the model's own high-accuracy trajectory is solved"),
  trace: z
    .int()
    .min(1)
    .max(4096)
    .optional()
    .describe("samples whose trajectories are traced step by step; none are traced without"),
  replicates: z.int().min(20).max(10_000).default(200).describe("resamples of the paired bootstrap"),
});

export type Method = DeepReadonly<z.input<typeof methodSchema>>;
export type Plan = DeepReadonly<z.input<typeof planSchema>>;
export type ParsedPlan = DeepReadonly<z.output<typeof planSchema>>;
export type ParsedMethod = DeepReadonly<z.output<typeof methodSchema>>;

/** JSON Schema (draft 2020-12) of a plan. */
export function planJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(planSchema, { io: "input", unrepresentable: "any" }),
    title: "Quench evaluation plan",
  };
}
