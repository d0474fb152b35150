import { z } from "zod";
import { list } from "../checks/list.js";
import type { DeepReadonly } from "../deep-readonly.js";
import { defined } from "../defined.js";
import { modelStampSchema } from "../denoiser/model-stamp.js";
import { requireArgument } from "../errors.js";
import { gridSchema } from "../schedule/index.js";

const scoreSchema = z
  .strictObject({
    value: z.number(),
    low: z.number(),
    high: z.number(),
  })
  .describe("a score and its 95 % bootstrap interval");

const finalistSchema = z.strictObject({
  origin: z.string().describe("solver and grid it was found as, and what was done to them"),
  nfe: z.int().min(1),
  error: scoreSchema.describe("root mean square error to the model's own accurate trajectories"),
  metric: scoreSchema.optional(),
  behind: scoreSchema.optional().describe("its metric less that of the winner, from the same noises"),
});

const tuningSchema = z.strictObject({
  seed: z.string().describe("sample i of the error uses (seed, i), of the metric (seed + 1, i)"),
  labels: list(z.int().nonnegative()).optional().describe("classes, cycled over the samples"),
  budget: z.int().min(1).describe("model rows that might be spent"),
  error: z.strictObject({
    space: z.enum(["data", "features"]).describe("where errors were measured"),
    samples: z.int().min(1),
  }),
  metric: z.strictObject({ name: z.string(), samples: z.int().min(1) }).optional(),
  tried: z.int().min(1).describe("candidates whose error was measured"),
  finalists: list(finalistSchema).min(1).describe("best first"),
  cost: z.strictObject({ modelRows: z.int().nonnegative(), seconds: z.number().nonnegative() }),
});

/** A way of sampling one model in a number of calls that a search found good: what `quench tune` writes. */
export const presetSchema = z.strictObject({
  $schema: z.string().optional(),
  kind: z.literal("preset"),
  version: z.literal(1),
  model: modelStampSchema,
  nfe: z.int().min(1).describe("model calls per sample"),
  guidance: z.number().optional().describe("classifier-free guidance scale; none: the model as it is"),
  solver: z
    .looseObject({ name: z.string() })
    .describe("the solver and its options, measured coefficients among them"),
  steps: z.int().min(1),
  grid: gridSchema.describe("the noise levels in float64, or a schedule"),
  tuning: tuningSchema.optional().describe("how it was found; a preset written by hand has none"),
});

export type Preset = DeepReadonly<z.output<typeof presetSchema>>;
export type PresetTuning = NonNullable<Preset["tuning"]>;
export type Finalist = PresetTuning["finalists"][number];

/** JSON Schema (draft 2020-12) of a preset. */
export function presetJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(presetSchema, { io: "input" }), title: "Quench preset" };
}

/** What a preset decides, and a request beside it must leave open. */
const decided = ["solver", "grid", "thresholding", "initialScale", "denoiseToZero"] as const;
/** What a request may repeat, and must not change. */
const repeatable = ["steps", "guidance"] as const;

type Asked = { readonly preset?: Preset | undefined };
type Given = { readonly [Member in (typeof decided)[number] | (typeof repeatable)[number]]?: unknown };

/** What a request does not say, or says as everybody's default has it. */
const isOpen = (value: unknown): boolean => value === undefined || value === false;

/** Whether a request leaves all of it to a preset. */
export function leavesOpen(given: Given & { readonly preset?: unknown }): boolean {
  return ["preset" as const, ...decided, ...repeatable].every((member) => isOpen(given[member]));
}

/**
 * Replaces a request's preset by what it stands for.
 * @param asked the request with its defaults
 * @param given the request as it came: what it says itself
 * @throws QuenchError INVALID_ARGUMENT naming what it asks for beside the preset
 */
export function withPreset<Request extends Asked>(asked: Request, given: Given): Request {
  const { preset } = asked;
  if (!preset) return asked;
  const { solver, steps, grid, guidance } = preset;
  for (const member of decided) {
    requireArgument(isOpen(given[member]), member, "the preset brings its own");
  }
  for (const member of repeatable) {
    const [own, wanted] = [preset[member] ?? 1, given[member] ?? preset[member] ?? 1];
    requireArgument(
      own === wanted,
      member,
      `the preset is for ${member} ${own}, asked for ${String(wanted)}`,
    );
  }
  return { ...asked, solver, steps, grid, ...defined({ guidance }) };
}
