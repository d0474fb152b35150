import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { z } from "zod";
import {
  type Denoiser,
  gaussianMixture,
  loadModel,
  type MixtureWorld,
  modelSchema,
  processFromConfig,
  worlds,
} from "../denoiser/index.js";
import { Engine, type SampleRequest, type Samples } from "../engine/index.js";
import { QuenchError, requireArgument, unknownName, unknownNameMessage } from "../errors.js";
import { checkJson, parseJsonFile } from "../io/index.js";
import { shortHash } from "./expand.js";

const numbers = z.array(z.number());

/** A Gaussian mixture in JSON: a model whose data distribution is known. */
export const mixtureSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal("quench-mixture"),
  version: z.literal(1),
  name: z.string().optional(),
  world: z.string().optional().describe("a shipped mixture by name, instead of weights, means and stds"),
  weights: numbers.optional(),
  means: z.array(numbers).optional(),
  stds: numbers.optional(),
  covariances: z.array(numbers).optional(),
  shape: z.array(z.int().positive()).min(1).optional(),
  process: modelSchema.shape.process.optional().describe("default vp-linear"),
  prediction: z.enum(["epsilon", "sample", "v", "flow-velocity", "score"]).default("sample"),
});

/** JSON Schema (draft 2020-12) of a mixture. */
export function mixtureJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(mixtureSchema, { io: "input" }), title: "Quench mixture" };
}

export type MixtureModel = z.input<typeof mixtureSchema>;

/** What is evaluated: a model's folder, a mixture's JSON file or a shipped world's name; a mixture; a denoiser. */
export type EvaluationModel = string | MixtureModel | Denoiser;

/** Draws samples; an engine, wherever it runs. */
export interface Drawer {
  sample(request: SampleRequest): Promise<Samples>;
  close(): Promise<void>;
}

/** A model opened for evaluation. */
export interface Subject {
  readonly name: string;
  /** sha256 of the weights, or of a mixture's definition. */
  readonly hash: string;
  readonly denoiser: Denoiser;
  /** Folder of the network, where its features and risk curve are looked for. */
  readonly folder: string | undefined;
  /** The distribution of a mixture's data. */
  readonly truth: MixtureWorld | undefined;
  /** Hash of the truth where it was given beside the model; a mixture's own is covered by the model's. */
  readonly truthHash?: string;
  /** Model calls that run at once. */
  readonly sessions: number;
  startDrawing(): Promise<Drawer>;
  close(): Promise<void>;
}

/** Rows of one model call. */
export const batchRows = 64;

/**
 * Opens a model. Networks draw in `workers` threads of one session each; mixtures and denoisers in this thread.
 * @throws QuenchError as `loadModel` does; INVALID_ARGUMENT for a mixture that is none, or a denoiser without a hash
 */
export async function openSubject(model: EvaluationModel, workers = 2): Promise<Subject> {
  if (typeof model !== "string") return "evaluate" in model ? ofDenoiser(model) : ofMixture(model);
  const found = await stat(model).catch(() => undefined);
  if (!found && worlds[model]) return ofMixture({ format: "quench-mixture", version: 1, world: model });
  if (!found && /^[\w-]+$/.test(model)) {
    const message = `no such file or folder, and ${unknownNameMessage("mixture", model, Object.keys(worlds))}`;
    throw new QuenchError("INVALID_MODEL", message, { where: model });
  }
  if (model.endsWith(".json")) {
    return ofMixture(checkJson(await parseJsonFile(model), mixtureSchema, { path: model }));
  }
  const denoiser = await loadModel(model, { session: { intraOpNumThreads: 1 } });
  const { name, hash, folder } = denoiser;
  return {
    name,
    hash: hashOf(hash, name),
    denoiser,
    folder,
    truth: undefined,
    sessions: Math.max(workers, 1),
    startDrawing: async () =>
      workers > 0 ? Engine.spawn({ model, sessions: workers, maxBatch: batchRows }) : inThisThread(denoiser),
    close: () => denoiser.close(),
  };
}

/** @throws QuenchError INVALID_ARGUMENT where the truth is of samples of another shape */
export function withTruth(subject: Subject, truth: MixtureWorld | undefined): Subject {
  if (!truth) return subject;
  const [own, given] = [subject.denoiser.shape.join(), truth.shape.join()];
  requireArgument(own === given, "truth", `expected samples of shape [${own}], received [${given}]`);
  const { weights, means, stds, covariances, shape } = truth;
  return { ...subject, truth, truthHash: shortHash({ weights, means, stds, covariances, shape }) };
}

function ofDenoiser(denoiser: Denoiser): Subject {
  return {
    name: denoiser.name,
    hash: hashOf(denoiser.hash, denoiser.name),
    denoiser,
    folder: undefined,
    truth: undefined,
    sessions: 1,
    startDrawing: async () => inThisThread(denoiser),
    close: async () => {},
  };
}

function ofMixture(given: MixtureModel): Subject {
  const {
    world,
    process = { type: "vp-linear" as const },
    prediction = "sample",
    ...own
  } = mixtureSchema.parse(given);
  const truth = world === undefined ? (own as unknown as MixtureWorld) : worlds[world];
  if (!truth) throw unknownName("world", world!, Object.keys(worlds));
  for (const key of ["weights", "means", "shape"] as const)
    requireArgument(truth[key] !== undefined, key, "expected the mixture's own, or a world by name");
  const denoiser = gaussianMixture({
    ...truth,
    process: processFromConfig(process, prediction),
    prediction,
  });
  const { weights, means, stds, covariances, shape } = truth;
  const definition = JSON.stringify({ weights, means, stds, covariances, shape, process, prediction });
  return {
    ...ofDenoiser({ ...denoiser, hash: createHash("sha256").update(definition).digest("hex") }),
    name: truth.name ?? denoiser.name,
    truth,
  };
}

/** Leaves the denoiser open when the engine closes. */
function inThisThread(denoiser: Denoiser): Drawer {
  return new Engine(
    { ...denoiser, evaluate: (batch) => denoiser.evaluate(batch), close: async () => {} },
    { maxBatch: 256 },
  );
}

function hashOf(hash: string | undefined, name: string): string {
  requireArgument(hash !== undefined, "model.hash", `the model "${name}" has no hash to tell its cells by`);
  return hash;
}
