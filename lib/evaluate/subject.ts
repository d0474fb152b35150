import { availableParallelism } from "node:os";
import { isObject, received } from "../checks/received.js";
import type { Denoiser, MixtureWorld } from "../denoiser/index.js";
import { type MixtureModel, mixtureFromConfig } from "../denoiser/mixture-config.js";
import { components } from "../denoiser/mixture-world.js";
import { openModel } from "../denoiser/open-model.js";
import { samplesHash } from "../denoiser/samples-hash.js";
import { Engine, type SampleRequest, type Samples } from "../engine/index.js";
import { requireArgument } from "../errors.js";
import { jsonHash } from "./json-hash.js";

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
  /** sha256 of the weights and of the rows that a model has for further inputs, or of a mixture's definition. */
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

/** One per processor: at least two, as another draws while a cell is measured; at most eight, as each holds the model. */
function defaultWorkers(): number {
  return Math.min(8, Math.max(2, availableParallelism()));
}

/** Rows of one model call. */
export const batchRows = 64;

/**
 * Opens a model. Networks draw in `workers` threads of one session each; mixtures and denoisers in this thread.
 * @throws QuenchError as `loadModel` does; INVALID_ARGUMENT for a mixture that is none, or a denoiser without a hash
 */
export async function openSubject(model: EvaluationModel, workers = defaultWorkers()): Promise<Subject> {
  requireModel(model);
  if (typeof model !== "string") {
    if ("evaluate" in model) return ofDenoiser(model);
    const mixture = mixtureFromConfig(model);
    return { ...ofDenoiser(mixture), truth: mixture.truth };
  }
  const denoiser = await openModel(model, { session: { intraOpNumThreads: 1 } });
  const { truth } = denoiser;
  if (truth) return { ...ofDenoiser(denoiser), truth };
  const { name, folder } = denoiser;
  return {
    name,
    hash: hashOf(denoiser),
    denoiser,
    folder,
    truth: undefined,
    sessions: Math.max(workers, 1),
    startDrawing: async () =>
      workers > 0
        ? Engine.spawn({ model, sessions: workers, threads: 1, maxBatch: batchRows })
        : inThisThread(denoiser),
    close: () => denoiser.close(),
  };
}

function requireModel(value: unknown): void {
  requireArgument(
    typeof value === "string" || isObject(value),
    "model",
    () => `expected a model's folder, a mixture or a denoiser, received ${received(value)}`,
  );
}

/** @throws QuenchError INVALID_ARGUMENT where the truth is no mixture, or of samples of another shape */
export function withTruth(subject: Subject, truth: MixtureWorld | undefined): Subject {
  if (truth === undefined) return subject;
  requireArgument(isObject(truth), "truth", () => `expected a mixture, received ${received(truth)}`);
  components(truth);
  const [own, given] = [subject.denoiser.shape.join(), truth.shape.join()];
  requireArgument(own === given, "truth", `expected samples of shape [${own}], received [${given}]`);
  const { weights, means, stds, covariances, shape } = truth;
  return { ...subject, truth, truthHash: jsonHash({ weights, means, stds, covariances, shape }) };
}

function ofDenoiser(denoiser: Denoiser): Subject {
  return {
    name: denoiser.name,
    hash: hashOf(denoiser),
    denoiser,
    folder: undefined,
    truth: undefined,
    sessions: 1,
    startDrawing: async () => inThisThread(denoiser),
    close: async () => {},
  };
}

/** Leaves the denoiser open when the engine closes. */
function inThisThread(denoiser: Denoiser): Drawer {
  return new Engine(
    { ...denoiser, evaluate: (batch) => denoiser.evaluate(batch), close: async () => {} },
    { maxBatch: 256 },
  );
}

function hashOf(denoiser: Denoiser): string {
  const hash = samplesHash(denoiser);
  requireArgument(
    hash !== undefined,
    "model.hash",
    `the model "${denoiser.name}" has no hash to tell its cells by`,
  );
  return hash;
}
