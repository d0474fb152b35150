import { join } from "node:path";
import { isObject, received } from "../checks/received.js";
import { parse } from "../checks/validate.js";
import { defined } from "../defined.js";
import { networkHash } from "../denoiser/network-hash.js";
import { loadRuntime, openSession } from "../denoiser/onnx-runtime.js";
import { QuenchError, requireArgument, unknownName } from "../errors.js";
import { readJson } from "../io/index.js";
import { fileInside, requireInside } from "../io/inside.js";
import type { Vector } from "../native/index.js";
import { FeatureRunner, type FeatureSession } from "./feature-runner.js";
import { fixedBatch, fixedShape, valueNamed } from "./feature-signature.js";
import { type FeatureOptions, type FeaturesConfig, featuresSchema } from "./features-config.js";
import { type Preprocessing, preprocessingSchema, preprocessings, preprocessor } from "./preprocess.js";
import type { FeatureStatistics } from "./statistics.js";
import { readStatistics } from "./statistics-file.js";

export interface Features {
  /** rows × dimension. */
  readonly features: Float32Array;
  /** rows × classes, of networks that classify. */
  readonly logits?: Float32Array;
}

/** A network that turns samples into features to compare them by. */
export interface FeatureNetwork {
  readonly dimension: number;
  /** Classes of its logits, where it has any. */
  readonly classes?: number;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** sha256 of the file: what statistics of its features are known by. */
  readonly hash: string;
  /** Which outputs are read, and what is done to samples before: with the file, all that decides the features. */
  readonly reading: {
    readonly features: string;
    readonly logits?: string;
    readonly preprocess?: Preprocessing;
  };
  /** Statistics of real data, where the folder has them. */
  readonly reference: FeatureStatistics | undefined;
  /**
   * Features (and logits) of rows × size numbers.
   * @throws QuenchError INVALID_ARGUMENT for samples of another size or not finite (says which), MODEL_FAILED,
   *   MODEL_MISMATCH
   */
  evaluate(samples: Vector): Promise<Features>;
  /** The features only: rows × dimension. */
  extract(samples: Vector): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens a folder with features.json, or an .onnx file (an Inception network for FID, another layer of it for sFID,
 * DINOv2, any classifier) with options, which go before what features.json says. The network is run once on zeros, so
 * that what does not fit shows at once.
 *
 * @throws QuenchError INVALID_FILE, INVALID_MODEL, MODEL_MISMATCH, MODEL_FAILED, MISSING_DEPENDENCY, UNKNOWN_NAME,
 *   INVALID_ARGUMENT
 */
export async function openFeatures(path: string, options: FeatureOptions = {}): Promise<FeatureNetwork> {
  requireArgument(
    typeof path === "string",
    "path",
    () => `expected the path of a folder or an .onnx file, received ${received(path)}`,
  );
  requireArgument(isObject(options), "options", () => `expected an object, received ${received(options)}`);
  const { config, file } = await readConfig(path);
  const hash = await networkHash(file, "INVALID_FILE");
  if (config.sha256 !== undefined && config.sha256 !== hash)
    throw mismatch(file, `features.json gives the hash ${config.sha256}, but it has ${hash}`);
  const runtime = await loadRuntime();
  const session = await openSession(runtime, file, {});
  try {
    const input = valueNamed(session, "input", options.input ?? config.input, file);
    const features = valueNamed(session, "output", options.features ?? config.features, file);
    const logitsName = options.logits ?? config.logits;
    const logits = logitsName && valueNamed(session, "output", logitsName, file);
    const outputs = logits ? [features, logits] : [features];
    const used = { runtime, session, file, input, outputs, fixedRows: fixedBatch(session, input) };
    const preprocess = preprocessingOf(options.preprocess ?? config.preprocess);
    const shape = options.shape ?? config.shape ?? ownShape(used, preprocess);
    const runner = new FeatureRunner(used, shape, preprocess && preprocessor(preprocess, shape));
    const widths = await runner.widths();
    const [dimension, classes] = [widths[0]!, widths[1]];
    if (config.dimension !== undefined && options.features === undefined && config.dimension !== dimension)
      throw mismatch(
        file,
        `features.json says ${config.dimension} features, the output "${features}" has ${dimension}`,
      );
    const statistics = await referencePath(path, config, options);
    const reference =
      statistics === undefined ? undefined : await readStatistics(statistics, { dimension, network: hash });
    const evaluate = async (samples: Vector): Promise<Features> => {
      const [found, foundLogits] = await runner.outputs(samples, widths);
      return { features: found!, ...(foundLogits ? { logits: foundLogits } : {}) };
    };
    return {
      dimension,
      ...defined({ classes }),
      shape,
      hash,
      reading: { features, ...(logits ? { logits } : {}), ...defined({ preprocess }) },
      reference,
      evaluate,
      extract: async (samples) => (await evaluate(samples)).features,
      close: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

function mismatch(file: string, message: string): QuenchError {
  return new QuenchError("MODEL_MISMATCH", message, { where: file });
}

const ownFolder = { code: "INVALID_FILE", folder: "the features' folder" } as const;

async function readConfig(path: string): Promise<{ config: Partial<FeaturesConfig>; file: string }> {
  if (path.endsWith(".onnx")) return { config: {}, file: path };
  const json = join(path, "features.json");
  const config = await readJson(json, featuresSchema);
  await requireInside(path, json, ownFolder);
  const of = { ...ownFolder, file: "the feature network", where: "/file" };
  return { config, file: await fileInside(path, config.file, of) };
}

/** Where reference statistics are: as asked for, or what features.json names in its folder. */
async function referencePath(
  path: string,
  config: Partial<FeaturesConfig>,
  options: FeatureOptions,
): Promise<string | undefined> {
  const { reference } = config;
  if (options.reference !== undefined || reference === undefined) return options.reference;
  return fileInside(path, reference, { ...ownFolder, file: "the reference", where: "/reference" });
}

/** The steps of preprocessing, given by themselves or by their name. */
function preprocessingOf(given: FeatureOptions["preprocess"]): Preprocessing | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "string") return parse(preprocessingSchema, given, "preprocess");
  const found = Object.hasOwn(preprocessings, given) ? preprocessings[given] : undefined;
  if (!found) throw unknownName("preprocessing", given, Object.keys(preprocessings));
  return found;
}

/** The shape of a sample where nobody gives it: the network's own, if it is fixed and nothing comes before it. */
function ownShape({ session, input, file }: FeatureSession, preprocess: Preprocessing | undefined) {
  const own = preprocess ? undefined : fixedShape(session, input);
  if (own) return own;
  throw new QuenchError("INVALID_ARGUMENT", "expected the shape of a sample", { where: `${file}: shape` });
}
