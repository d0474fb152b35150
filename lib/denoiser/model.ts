import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { parse } from "../checks/validate.js";
import { defined } from "../defined.js";
import { QuenchError, requireArgument } from "../errors.js";
import { checkJson, parseJsonFile } from "../io/index.js";
import { fileInside, requireInside } from "../io/inside.js";
import { requireAgreement } from "./agreement.js";
import { readConditions } from "./condition-tables.js";
import type { Denoiser } from "./denoiser.js";
import { type ModelConfig, modelSchema } from "./model-schema.js";
import { networkHash } from "./network-hash.js";
import { onnxDenoiser } from "./onnx.js";
import { processFromConfig } from "./process-config.js";
import { configFromScheduler, isSchedulerConfig, type SchedulerConfig } from "./scheduler-config.js";
import { type SessionOptions, sessionOptionsSchema } from "./session-options.js";

export interface LoadModelOptions {
  /** Compares the file's sha256 with the one in `model.json`. Default true. */
  readonly verify?: boolean;
  /** Path of the configuration, where it does not lie beside the model: a `model.json` or a `scheduler_config.json`. */
  readonly config?: string;
  readonly session?: SessionOptions;
}

const optionsSchema = z.strictObject({
  verify: z.boolean().optional(),
  config: z.string().optional(),
  session: sessionOptionsSchema.optional(),
});

/** A denoiser that came from a folder. */
export interface Model extends Denoiser {
  /** Absolute path of the folder the network lies in. */
  readonly folder: string;
  /** Name of the network's file in it. */
  readonly file: string;
  /** What `model.json` says, or what was derived from `scheduler_config.json`. */
  readonly config: ModelConfig;
}

/**
 * Opens a model: a folder with `model.onnx` and `model.json` (or a diffusers `scheduler_config.json`), or the path of
 * an ONNX file with `<name>.model.json`, `model.json` or `scheduler_config.json` beside it. Nothing outside the
 * folder is read, except `options.config`.
 *
 * @throws QuenchError `INVALID_MODEL` for files that are missing, corrupt or invalid (`where` is a path or a JSON
 *   pointer), `MODEL_MISMATCH` where network, hash and configuration disagree, `MISSING_DEPENDENCY` without
 *   onnxruntime-node, `UNKNOWN_NAME` or `INVALID_ARGUMENT` for bad options.
 */
export async function loadModel(path: string, options: LoadModelOptions = {}): Promise<Model> {
  requireArgument(
    typeof path === "string" && path !== "",
    "path",
    `expected a path, received ${JSON.stringify(path)}`,
  );
  parse(optionsSchema, options, "loadModel");
  const given = resolve(path);
  const kind = await kindOf(given);
  if (kind === undefined) throw invalid("no such file or folder", given);
  if (kind === "file" && /\.json$/i.test(given))
    throw invalid("expected a model's folder or its ONNX file, received a JSON file", given);
  if (kind === "other") throw invalid("expected a file or a folder, found a pipe, socket or device", given);
  const folder = kind === "folder" ? given : dirname(given);
  const network = kind === "file" ? basename(given) : undefined;

  const found = await findConfig(folder, network, options.config);
  const config = found.config;
  const file = network ?? config.file ?? "model.onnx";
  const location = await fileInside(folder, file, ownFolder);
  const hash = await checkHash(location, config, options.verify ?? true);
  const denoiser = await onnxDenoiser(location, {
    process: processFromConfig(config.process, config.prediction),
    config,
    conditions: await readConditions(folder, config),
    ...defined({ hash, session: options.session }),
  });
  return {
    ...denoiser,
    folder,
    file,
    config,
    ...(found.scheduler ? { schedulerConfig: found.scheduler } : {}),
  };
}

const ownFolder = {
  code: "INVALID_MODEL",
  folder: "the model's folder",
  file: "the model's ONNX file",
  where: "/file",
} as const;

/** The smallest useful `model.json`, shown to those who have none. */
const smallest =
  '{"format": "quench-model", "version": 1, "name": "…", "process": {"type": "vp-discrete"}, "prediction": "epsilon"}';

interface Found {
  readonly config: ModelConfig;
  readonly scheduler?: SchedulerConfig;
}

async function findConfig(
  folder: string,
  network: string | undefined,
  explicit: string | undefined,
): Promise<Found> {
  const schedulerPath = join(folder, "scheduler_config.json");
  const beside =
    network === undefined ? ["model.json"] : [`${network.replace(/\.onnx$/i, "")}.model.json`, "model.json"];
  const candidates =
    explicit === undefined
      ? [...beside.map((name) => join(folder, name)), schedulerPath]
      : [resolve(explicit)];
  const path = await firstFile(candidates);
  if (path === undefined) {
    throw invalid(
      `no configuration found: expected ${candidates.map((name) => basename(name)).join(" or ")}, at least ${smallest}`,
      explicit ?? folder,
    );
  }
  if (explicit === undefined) await requireInside(folder, path, ownFolder);
  const value = await parseJsonFile(path, { code: "INVALID_MODEL", pythonNumbers: true });
  if (isSchedulerConfig(value)) {
    return {
      config: configFromScheduler(value, basename(network ?? folder).replace(/\.onnx$/i, ""), path),
      scheduler: value,
    };
  }
  const config = checkJson(value, modelSchema, { code: "INVALID_MODEL", path });
  if (network !== undefined && config.file !== undefined && config.file !== network) {
    throw new QuenchError(
      "MODEL_MISMATCH",
      `model.json describes "${config.file}", not "${network}" (in ${path})`,
      { where: "/file" },
    );
  }
  if ((await kindOf(schedulerPath)) !== "file") return { config };
  await requireInside(folder, schedulerPath, ownFolder);
  const scheduler = await parseJsonFile(schedulerPath, { code: "INVALID_MODEL", pythonNumbers: true });
  if (!isSchedulerConfig(scheduler)) return { config };
  requireAgreement(config, scheduler);
  return { config, scheduler };
}

async function checkHash(path: string, config: ModelConfig, verify: boolean): Promise<string | undefined> {
  const declared = config.sha256?.toLowerCase();
  if (!verify) return declared;
  const actual = await networkHash(path, "INVALID_MODEL");
  if (declared !== undefined && declared !== actual) {
    throw new QuenchError(
      "MODEL_MISMATCH",
      `model.json gives the hash ${declared}, but ${path} has ${actual}`,
      { where: "/sha256" },
    );
  }
  return actual;
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await kindOf(path)) === "file") return path;
  return undefined;
}

async function kindOf(path: string): Promise<"file" | "folder" | "other" | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? "folder" : found.isFile() ? "file" : "other";
}

function invalid(message: string, where: string): QuenchError {
  return new QuenchError("INVALID_MODEL", message, { where });
}
