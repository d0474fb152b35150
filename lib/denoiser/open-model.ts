import { stat } from "node:fs/promises";
import { isObject } from "../checks/received.js";
import { QuenchError, unknownNameMessage } from "../errors.js";
import { checkJson, parseJsonFile } from "../io/index.js";
import type { Denoiser } from "./denoiser.js";
import { type MixtureModel, mixtureFromConfig, mixtureSchema } from "./mixture-config.js";
import type { MixtureWorld } from "./mixture-world.js";
import { type LoadModelOptions, loadModel } from "./model.js";
import type { ModelConfig } from "./model-schema.js";
import { worlds } from "./worlds.js";

/** What a path or a name stands for. */
export interface OpenedModel extends Denoiser {
  /** Of a network: the folder it lies in, where its features and its risk curve are looked for. */
  readonly folder?: string;
  /** Of a network: the name of its file in the folder. */
  readonly file?: string;
  /** Of a network: what its configuration says. */
  readonly config?: ModelConfig;
  /** Of a mixture: the distribution of its data. */
  readonly truth?: MixtureWorld;
}

/**
 * Opens a network (its folder or ONNX file), a mixture's JSON file, or a shipped mixture by its name.
 * @throws QuenchError as `loadModel` and `mixtureFromConfig` do
 */
export async function openModel(path: string, options: LoadModelOptions = {}): Promise<OpenedModel> {
  const found = await stat(path).catch(() => undefined);
  if (!found && Object.hasOwn(worlds, path))
    return mixtureFromConfig({ format: "quench-mixture", version: 1, world: path });
  if (!found && /^[\w-]+$/.test(path)) {
    const message = `no such file or folder, and ${unknownNameMessage("mixture", path, Object.keys(worlds))}`;
    throw new QuenchError("INVALID_MODEL", message, { where: path });
  }
  if (path.endsWith(".json") && !found?.isDirectory()) return mixtureFromConfig(await readMixture(path));
  return loadModel(path, options);
}

async function readMixture(path: string): Promise<MixtureModel> {
  const value = await parseJsonFile(path);
  if (isObject(value) && value.format === "quench-mixture") return checkJson(value, mixtureSchema, { path });
  const message =
    'expected a model\'s folder or its ONNX file, or a mixture\'s JSON ("format": "quench-mixture"); received another JSON file';
  throw new QuenchError("INVALID_MODEL", message, { where: path });
}
