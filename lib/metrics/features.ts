import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { loadRuntime, openSession } from "../denoiser/onnx-runtime.js";
import { QuenchError } from "../errors.js";
import { readJson, readNpz } from "../io/index.js";
import type { Vector } from "../native/index.js";
import type { FeatureStatistics } from "./statistics.js";

const configSchema = z.looseObject({
  format: z.literal("quench-features"),
  version: z.literal(1),
  file: z.string().default("features.onnx"),
  input: z.string(),
  features: z.string(),
  dimension: z.int().positive(),
  shape: z.array(z.int().positive()).min(1),
  sha256: z.string().optional(),
  reference: z.string().optional(),
});

/** A network that turns samples into features to compare them by. */
export interface FeatureNetwork {
  readonly dimension: number;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** Statistics of real data, where the folder has them. */
  readonly reference: FeatureStatistics | undefined;
  /** rows × dimension features of rows × size numbers. */
  extract(samples: Vector): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Most samples in one run of the network. */
const batch = 256;

/**
 * Opens the features.json of a folder, and the network and reference statistics that it names.
 * @throws QuenchError INVALID_FILE, MODEL_MISMATCH, MISSING_DEPENDENCY
 */
export async function openFeatures(folder: string): Promise<FeatureNetwork> {
  const config = await readJson(join(folder, "features.json"), configSchema);
  const path = join(folder, config.file);
  const hash = createHash("sha256")
    .update(
      await readFile(path).catch((cause: Error) => {
        throw new QuenchError("INVALID_FILE", `cannot read the file (${cause.message})`, {
          where: path,
          cause,
        });
      }),
    )
    .digest("hex");
  if (config.sha256 !== undefined && config.sha256 !== hash) {
    throw new QuenchError(
      "MODEL_MISMATCH",
      `features.json gives the hash ${config.sha256}, but it has ${hash}`,
      {
        where: path,
      },
    );
  }
  const reference =
    config.reference === undefined
      ? undefined
      : await readReference(join(folder, config.reference), config.dimension);
  const runtime = await loadRuntime();
  const session = await openSession(runtime, path, {});
  const size = config.shape.reduce((a, b) => a * b, 1);
  return {
    dimension: config.dimension,
    shape: config.shape,
    reference,
    async extract(samples) {
      const rows = samples.length / size;
      const features = new Float32Array(rows * config.dimension);
      for (let first = 0; first < rows; first += batch) {
        const count = Math.min(batch, rows - first);
        const part = Float32Array.from(samples.subarray(first * size, (first + count) * size));
        const tensor = new runtime.Tensor("float32", part, [count, ...config.shape]);
        const found = await session.run({ [config.input]: tensor }, [config.features]);
        features.set(found[config.features]!.data as Float32Array, first * config.dimension);
      }
      return features;
    },
    close: () => session.release(),
  };
}

async function readReference(path: string, dimension: number): Promise<FeatureStatistics> {
  const arrays = await readNpz(path);
  const [mean, covariance] = [arrays.get("mu"), arrays.get("sigma")];
  if (mean?.data.length !== dimension || covariance?.data.length !== dimension ** 2) {
    throw new QuenchError(
      "INVALID_FILE",
      `expected the arrays mu [${dimension}] and sigma [${dimension}, ${dimension}]`,
      { where: path },
    );
  }
  return {
    mean: Float64Array.from(mean.data as Float64Array),
    covariance: Float64Array.from(covariance.data as Float64Array),
    count: Number(arrays.get("count")?.data[0] ?? 0),
  };
}
