import type { InferenceSession } from "onnxruntime-node";
import { defined } from "../defined.js";
import { requireArgument } from "../errors.js";
import type { Process } from "../process/index.js";
import { sizeOf } from "../shape.js";
import type { ConditionTables } from "./condition-tables.js";
import type { Batch, Denoiser } from "./denoiser.js";
import type { ModelConfig } from "./model-schema.js";
import { NetworkRuns } from "./onnx-runs.js";
import { loadRuntime, openSession } from "./onnx-runtime.js";
import { keepSession } from "./onnx-sessions.js";
import { readSignature, type Signature } from "./onnx-signature.js";
import { createTensors } from "./onnx-tensors.js";
import { numbersHash } from "./samples-hash.js";
import type { SessionOptions } from "./session-options.js";
import { largestNumber } from "./tensor-numbers.js";

export interface OnnxDenoiserOptions {
  readonly process: Process;
  readonly config: Pick<
    ModelConfig,
    "name" | "prediction" | "shape" | "valueRange" | "inputs" | "outputs" | "classes" | "nullClass"
  >;
  /** What is known of the network's further inputs. */
  readonly conditions?: ConditionTables;
  /** sha256 of the file, if known. */
  readonly hash?: string;
  readonly session?: SessionOptions;
}

/**
 * A denoiser over an ONNX file. Inputs and outputs are wrapped without copying (float32 and float64 networks);
 * times and labels are written to tensors kept per number of rows. Calls of `evaluate` run one after another.
 *
 * @throws QuenchError `MISSING_DEPENDENCY` without onnxruntime-node, `INVALID_MODEL` for a file it cannot load,
 *   `MODEL_MISMATCH` where network and configuration disagree; `evaluate` throws `MODEL_FAILED` when a run does.
 */
export async function onnxDenoiser(path: string, options: OnnxDenoiserOptions): Promise<Denoiser> {
  const runtime = await loadRuntime();
  const session = await openSession(runtime, path, options.session ?? {});
  try {
    const signature = readSignature(session, options.config, options.conditions);
    // The addon is loaded only for networks that need its half-precision kernels.
    const { x, time, conditions } = signature;
    const half = [x, time, ...conditions].some(({ type }) => type === "float16")
      ? await import("../native/index.js")
      : undefined;
    const tensors = createTensors(runtime.Tensor, signature, half);
    const runs = new NetworkRuns(session, signature, tensors, half, options.config);
    return createDenoiser(session, signature, runs, options);
  } catch (cause) {
    await session.release();
    throw cause;
  }
}

function createDenoiser(
  session: InferenceSession,
  signature: Signature,
  runs: NetworkRuns,
  { process, config, hash }: OnnxDenoiserOptions,
): Denoiser {
  const { shape, fixedBatch, x, time, conditions } = signature;
  const size = sizeOf(shape);
  let closed = false;
  let previous: Promise<void> | undefined;

  const denoiser: Denoiser = {
    name: config.name,
    process,
    prediction: config.prediction,
    shape,
    dtype: x.type === "float64" ? "float64" : "float32",
    batchInvariant: false,
    ...defined({
      valueRange: config.valueRange,
      classes: config.classes,
      nullClass: config.nullClass,
      hash,
      fixedBatch,
    }),
    ...(conditions.length > 0 ? { conditions: inputsOf(conditions) } : {}),
    ...(["int64", "int32"].includes(time.type) ? { integerTimes: true } : {}),
    async evaluate(batch) {
      requireArgument(!closed, "denoiser", () => `"${config.name}" was closed`);
      checkBatch(batch, size, x.type === "float64");
      requireArgument(
        !(batch.labels && !config.classes),
        "labels",
        () => `"${config.name}" is not class-conditional`,
      );
      // Runs share their tensors, and the runtime reads them only after this call has returned.
      const mine = previous ? previous.then(() => runs.all(batch)) : runs.all(batch);
      const settled = mine.then(forget, forget);
      previous = settled;
      function forget() {
        if (previous === settled) previous = undefined;
      }
      return mine;
    },
    async close() {
      if (closed) return;
      closed = true;
      await previous;
      await session.release();
    },
  };
  keepSession(denoiser, session);
  return denoiser;
}

function inputsOf(conditions: Signature["conditions"]): NonNullable<Denoiser["conditions"]> {
  return Object.fromEntries(
    conditions.map(({ name, shape, type, rows, data }) => [
      name,
      {
        ...{ shape, largest: largestNumber(type) },
        ...(rows > 0 ? { optional: true, digest: numbersHash(data) } : {}),
      },
    ]),
  );
}

function checkBatch({ rows, input, output, levels, labels }: Batch, size: number, double: boolean): void {
  const VectorType = double ? Float64Array : Float32Array;
  for (const [name, vector] of [
    ["input", input],
    ["output", output],
  ] as const) {
    requireArgument(
      vector instanceof VectorType,
      `batch.${name}`,
      () => `expected ${VectorType.name}, received ${vector.constructor.name}`,
    );
    requireArgument(
      vector.length >= rows * size,
      `batch.${name}`,
      () => `expected ${rows} rows of ${size} numbers, received ${vector.length}`,
    );
  }
  requireArgument(
    levels.length >= rows,
    "batch.levels",
    () => `expected ${rows} levels, received ${levels.length}`,
  );
  requireArgument(
    labels === undefined || labels.length >= rows,
    "batch.labels",
    () => `expected ${rows} labels, received ${labels?.length}`,
  );
}
