import type { InferenceSession, Tensor } from "onnxruntime-node";
import { defined } from "../defined.js";
import { QuenchError, requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import type { Process } from "../process/index.js";
import { sizeOf } from "../shape.js";
import type { ConditionTables } from "./condition-tables.js";
import type { Batch, Denoiser } from "./denoiser.js";
import type { ModelConfig } from "./model-schema.js";
import { loadRuntime, openSession } from "./onnx-runtime.js";
import { keepSession } from "./onnx-sessions.js";
import { readSignature, type Signature } from "./onnx-signature.js";
import { createTensors, type Tensors } from "./onnx-tensors.js";
import { numbersHash } from "./samples-hash.js";
import type { SessionOptions } from "./session-options.js";
import type { HalfPrecision } from "./tensor-numbers.js";

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
    return createDenoiser(session, signature, createTensors(runtime.Tensor, signature, half), half, options);
  } catch (cause) {
    await session.release();
    throw cause;
  }
}

function createDenoiser(
  session: InferenceSession,
  signature: Signature,
  tensors: Tensors,
  halfPrecision: HalfPrecision | undefined,
  { process, config, hash }: OnnxDenoiserOptions,
): Denoiser {
  const { shape, fixedBatch, x, time, label, conditions, output } = signature;
  const size = sizeOf(shape);
  let closed = false;
  let previous: Promise<void> | undefined;

  const padding =
    fixedBatch === undefined
      ? undefined
      : { input: vectorLike(x.type, fixedBatch * size), output: vectorLike(x.type, fixedBatch * size) };

  /** Runs rows [start, end) of the batch, padded to the network's batch size if it has one. */
  const run = async (batch: Batch, start: number, end: number): Promise<void> => {
    const rows = end - start;
    const runRows = fixedBatch ?? rows;
    // Padding repeats the last row: a valid input whose output is dropped.
    const rowAt = (i: number) => Math.min(start + i, end - 1);
    const feeds = feedsOf(batch, runRows, rowAt);
    if (padding === undefined || rows === runRows) {
      return runWhole(batch.input, batch.output, start, runRows, feeds);
    }
    padding.input.set(batch.input.subarray(start * size, end * size));
    for (let i = rows; i < runRows; i++) padding.input.copyWithin(i * size, (rows - 1) * size, rows * size);
    await runWhole(padding.input, padding.output, 0, runRows, feeds);
    batch.output.set(padding.output.subarray(0, rows * size), start * size);
  };

  /** What goes into a run beside the samples. */
  const feedsOf = (batch: Batch, rows: number, rowAt: (i: number) => number): Record<string, Tensor> => {
    const labelAt = (i: number) => labelOf(batch, rowAt(i));
    const scalars = tensors.scalars(rows);
    scalars.time.fill((i) => batch.levels[rowAt(i)]!.modelTime);
    scalars.label?.fill(labelAt);
    const feeds: Record<string, Tensor> = { [scalars.time.name]: scalars.time.tensor };
    if (scalars.label) feeds[scalars.label.name] = scalars.label.tensor;
    for (const [name, tensor] of tensors.conditions)
      feeds[name] = tensor(rows, (i) => batch.conditions?.[rowAt(i)]?.get(name), labelAt);
    return feeds;
  };

  /** Runs the network on `rows` rows of two vectors, from row `start` on. */
  const runWhole = async (
    from: Vector,
    to: Vector,
    start: number,
    rows: number,
    feeds: Record<string, Tensor>,
  ): Promise<void> => {
    const half = halfPrecision && x.type === "float16" ? tensors.half(rows) : undefined;
    const length = rows * size;
    const part = (vector: Vector) => vector.subarray(start * size, start * size + length) as Float32Array;
    if (half) halfPrecision!.floatToHalf(half.input.subarray(0, length), part(from));
    feeds[x.name] = half ? tensors.wrap(half.input, 0, rows) : tensors.wrap(from, start, rows);
    const target = half ? tensors.wrap(half.output, 0, rows) : tensors.wrap(to, start, rows);
    try {
      // The result is written to the given tensor; the copy that is also returned is dropped at once.
      await session.run(feeds, { [output.name]: target });
    } catch (cause) {
      const reason = (cause as Error).message;
      throw new QuenchError("MODEL_FAILED", `the network of "${config.name}" failed (${reason})`, { cause });
    }
    if (half) halfPrecision!.halfToFloat(part(to), half.output.subarray(0, length));
  };

  const labelOf = (batch: Batch, row: number): number => {
    const chosen = batch.labels?.[row] ?? config.nullClass;
    requireArgument(
      chosen !== undefined,
      "labels",
      () => `"${config.name}" is class-conditional and has no null class: give every sample a label`,
    );
    return chosen;
  };

  /** Whether two rows may share a run of a network that takes one time (or label) for all. */
  const together = (batch: Batch, a: number, b: number): boolean =>
    !(time.shared && batch.levels[a]!.modelTime !== batch.levels[b]!.modelTime) &&
    !(label?.shared && labelOf(batch, a) !== labelOf(batch, b));

  const runAll = async (batch: Batch): Promise<void> => {
    for (let start = 0; start < batch.rows; ) {
      let end = start + 1;
      const limit = Math.min(batch.rows, start + (fixedBatch ?? batch.rows));
      while (end < limit && together(batch, start, end)) end++;
      await run(batch, start, end);
      start = end;
    }
  };

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
      const mine = previous ? previous.then(() => runAll(batch)) : runAll(batch);
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
    conditions.map(({ name, shape, rows, data }) => [
      name,
      { shape, ...(rows > 0 ? { optional: true, digest: numbersHash(data) } : {}) },
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

function vectorLike(type: string, length: number): Vector {
  return type === "float64" ? new Float64Array(length) : new Float32Array(length);
}
