import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { parse } from "../checks/validate.js";
import { networkHash } from "../denoiser/network-hash.js";
import { loadRuntime, openSession } from "../denoiser/onnx-runtime.js";
import { QuenchError, unknownName } from "../errors.js";
import { readJson } from "../io/index.js";
import { fileInside, requireInside } from "../io/inside.js";
import { firstNonFinite, type Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { finiteRows } from "./check.js";
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
   * @throws QuenchError INVALID_ARGUMENT for samples of another size or not finite (says which), MODEL_FAILED
   */
  evaluate(samples: Vector): Promise<Features>;
  /** The features only: rows × dimension. */
  extract(samples: Vector): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Most samples, and most input numbers, in one run of the network. */
const batch = { rows: 256, numbers: 1 << 23 };

/**
 * Opens a folder with features.json, or an .onnx file (an Inception network for FID, another layer of it for sFID,
 * DINOv2, any classifier) with options. The network is run once on zeros, so that what does not fit shows at once.
 *
 * @throws QuenchError INVALID_FILE, INVALID_MODEL, MODEL_MISMATCH, MISSING_DEPENDENCY, UNKNOWN_NAME, INVALID_ARGUMENT
 */
export async function openFeatures(path: string, options: FeatureOptions = {}): Promise<FeatureNetwork> {
  const { config, file } = await readConfig(path);
  const hash = await networkHash(file, "INVALID_FILE");
  if (config.sha256 !== undefined && config.sha256 !== hash) {
    throw new QuenchError(
      "MODEL_MISMATCH",
      `features.json gives the hash ${config.sha256}, but it has ${hash}`,
      { where: file },
    );
  }
  const runtime = await loadRuntime();
  const session = await openSession(runtime, file, {});
  try {
    const input = namedOr(session.inputMetadata, options.input ?? config.input, "input", file);
    const output = namedOr(session.outputMetadata, options.features ?? config.features, "output", file);
    const logitsName = options.logits ?? config.logits;
    const logits = logitsName && namedOr(session.outputMetadata, logitsName, "output", file);
    const preprocess = steps(options.preprocess ?? config.preprocess);
    const shape = options.shape ?? config.shape ?? fixedShape(session, input, preprocess !== undefined, file);
    const prepare = preprocess && preprocessor(preprocess, shape);
    const size = sizeOf(shape);
    const inputShape = prepare?.shape ?? shape;
    const inputSize = sizeOf(inputShape);
    const fixedRows = fixedBatch(session, input);
    const most = fixedRows ?? Math.max(1, Math.min(batch.rows, Math.floor(batch.numbers / inputSize)));
    const wanted = logits ? [output, logits] : [output];

    const runPart = async (samples: Vector, rows: number) => {
      const prepared = prepare ? prepare.apply(samples) : Float32Array.from(samples);
      const padded = new Float32Array((fixedRows ?? rows) * inputSize);
      padded.set(prepared);
      const tensor = new runtime.Tensor("float32", padded, [fixedRows ?? rows, ...inputShape]);
      const found = await session.run({ [input]: tensor }, wanted).catch((cause: Error) => {
        throw new QuenchError("MODEL_FAILED", `the feature network failed (${cause.message})`, {
          where: file,
          cause,
        });
      });
      return wanted.map((name) => found[name]!.data as Float32Array);
    };

    const probed = (await runPart(new Float32Array(size), 1)).map((data) => data.length / (fixedRows ?? 1));
    const [dimension, classes] = [probed[0]!, probed[1]];
    if (config.dimension !== undefined && options.features === undefined && config.dimension !== dimension) {
      throw new QuenchError(
        "MODEL_MISMATCH",
        `features.json says ${config.dimension} features, the output "${output}" has ${dimension}`,
        { where: file },
      );
    }
    const statistics = await referencePath(path, config, options);
    const reference =
      statistics === undefined ? undefined : await readStatistics(statistics, { dimension, network: hash });

    const evaluate = async (samples: Vector): Promise<Features> => {
      const rows = finiteRows(samples, size, "samples");
      const results = probed.map((width) => new Float32Array(rows * width));
      for (let first = 0; first < rows; first += most) {
        const count = Math.min(most, rows - first);
        const parts = await runPart(samples.subarray(first * size, (first + count) * size) as Vector, count);
        for (const [i, width] of probed.entries()) {
          results[i]!.set(parts[i]!.subarray(0, count * width), first * width);
        }
      }
      for (const [i, width] of probed.entries()) {
        const wrong = firstNonFinite(results[i]!);
        if (wrong < 0) continue;
        throw new QuenchError(
          "MODEL_FAILED",
          `the output "${wanted[i]}" of sample ${Math.floor(wrong / width)} is not finite`,
          { where: file },
        );
      }
      return { features: results[0]!, ...(results[1] ? { logits: results[1] } : {}) };
    };
    return {
      dimension,
      ...(classes === undefined ? {} : { classes }),
      shape,
      hash,
      reading: { features: output, ...(logits ? { logits } : {}), ...(preprocess ? { preprocess } : {}) },
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

function steps(given: FeatureOptions["preprocess"]): Preprocessing | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "string") return parse(preprocessingSchema, given, "preprocess");
  const found = Object.hasOwn(preprocessings, given) ? preprocessings[given] : undefined;
  if (!found) throw unknownName("preprocessing", given, Object.keys(preprocessings));
  return found;
}

type Values = InferenceSession["inputMetadata"];

/** A value by its name, or the only one. */
function namedOr(values: Values, name: string | undefined, what: string, file: string): string {
  const known = values.map((value) => value.name);
  if (name === undefined && known.length === 1) return known[0]!;
  if (name !== undefined && known.includes(name)) return name;
  throw new QuenchError(
    "MODEL_MISMATCH",
    name === undefined
      ? `it has ${known.length} ${what}s, ${known.join(", ")}: say which one to use`
      : `it has no ${what} "${name}", only ${known.join(", ")}`,
    { where: file },
  );
}

function dimensions(session: InferenceSession, input: string): readonly (number | string)[] {
  const value = session.inputMetadata.find(({ name }) => name === input);
  return value?.isTensor ? value.shape : [];
}

function fixedBatch(session: InferenceSession, input: string): number | undefined {
  const rows = dimensions(session, input)[0];
  return typeof rows === "number" && rows > 0 ? rows : undefined;
}

/** The shape of a sample where nobody gives it: the network's own, if it is fixed and nothing comes before it. */
function fixedShape(
  session: InferenceSession,
  input: string,
  prepared: boolean,
  file: string,
): readonly number[] {
  const own = dimensions(session, input).slice(1);
  if (!prepared && own.length > 0 && own.every((length) => typeof length === "number" && length > 0)) {
    return own as number[];
  }
  throw new QuenchError("INVALID_ARGUMENT", "expected the shape of a sample", { where: `${file}: shape` });
}
