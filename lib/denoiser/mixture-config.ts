import { createHash } from "node:crypto";
import { z } from "zod";
import { list } from "../checks/list.js";
import { parse } from "../checks/validate.js";
import { defined } from "../defined.js";
import { requireArgument, unknownName } from "../errors.js";
import type { Denoiser } from "./denoiser.js";
import { gaussianMixture } from "./mixture.js";
import type { MixtureWorld } from "./mixture-world.js";
import { modelSchema } from "./model-schema.js";
import { processFromConfig } from "./process-config.js";
import { worlds } from "./worlds.js";

const numbers = list(z.number());

/** A Gaussian mixture in JSON: a model whose data distribution is known. */
export const mixtureSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal("quench-mixture"),
  version: z.literal(1),
  name: z.string().optional(),
  world: z.string().optional().describe("a shipped mixture by name, instead of weights, means and stds"),
  weights: numbers.optional(),
  means: list(numbers).optional(),
  stds: numbers.optional(),
  covariances: list(numbers).optional(),
  shape: list(z.int().positive()).min(1).optional(),
  process: modelSchema.shape.process.optional().describe("default vp-linear"),
  prediction: z.enum(["epsilon", "sample", "v", "flow-velocity", "score"]).default("sample"),
});

/** JSON Schema (draft 2020-12) of a mixture. */
export function mixtureJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(mixtureSchema, { io: "input" }), title: "Quench mixture" };
}

export type MixtureModel = z.input<typeof mixtureSchema>;

/** A mixture as a model, and the distribution of its data. */
export interface ConfiguredMixture extends Denoiser {
  /** sha256 of the definition. */
  readonly hash: string;
  readonly truth: MixtureWorld;
}

/** What a world by name brings. */
const worldMembers = ["weights", "means", "stds", "covariances", "shape"] as const;

/** @throws QuenchError INVALID_ARGUMENT for a mixture that is none, UNKNOWN_NAME for a world that is not shipped */
export function mixtureFromConfig(given: MixtureModel): ConfiguredMixture {
  const {
    world,
    process = { type: "vp-linear" as const },
    prediction = "sample",
    ...own
  } = parse(mixtureSchema, given, "mixture");
  if (world !== undefined)
    for (const key of worldMembers)
      requireArgument(own[key] === undefined, key, "expected either the mixture's own, or a world by name");
  const truth = world === undefined ? (own as unknown as MixtureWorld) : worlds[world];
  if (!truth) throw unknownName("world", world!, Object.keys(worlds));
  for (const key of ["weights", "means", "shape"] as const)
    requireArgument(truth[key] !== undefined, key, "expected the mixture's own, or a world by name");
  const { name, weights, means, stds, covariances, shape } = truth;
  const denoiser = gaussianMixture({
    ...defined({ name, stds, covariances }),
    ...{ weights, means, shape },
    process: processFromConfig(process, prediction),
    prediction,
  });
  const definition = JSON.stringify({ weights, means, stds, covariances, shape, process, prediction });
  const hash = createHash("sha256").update(definition).digest("hex");
  return { ...denoiser, name: truth.name ?? denoiser.name, hash, truth };
}
