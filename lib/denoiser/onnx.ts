import type { InferenceSession, Tensor, TypedTensor } from "onnxruntime-node";
import { QuenchError, requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import type { Process } from "../process/index.js";
import type { Batch, Denoiser } from "./denoiser.js";
import type { ModelConfig } from "./model-schema.js";
import { loadRuntime, openSession, type SessionOptions } from "./onnx-runtime.js";
import { readSignature, type ScalarInput, type Signature } from "./onnx-signature.js";

export interface OnnxDenoiserOptions {
  readonly process: Process;
  readonly config: Pick<
    ModelConfig,
    "name" | "prediction" | "shape" | "valueRange" | "inputs" | "outputs" | "classes" | "nullClass"
  >;
  /** sha256 of the file, if known. */
  readonly hash?: string;
  readonly session?: SessionOptions;
}

type ScalarArray = BigInt64Array | Int32Array | Float32Array | Float64Array | Uint16Array;
/** Tensors of one number of rows, kept between runs. */
interface Feeds {
  readonly time: Slot;
  readonly label: Slot | undefined;
  /** Half-precision copies of a run's input and output, for float16 networks. */
  readonly half: { readonly input: Uint16Array; readonly output: Uint16Array } | undefined;
}
interface Slot {
  readonly data: ScalarArray;
  readonly tensor: Tensor;
  readonly name: string;
}

/**
 * A denoiser over an ONNX file. Inputs and outputs are wrapped without copying (float32 and float64 networks);
 * times and labels are written to tensors kept per number of rows.
 *
 * @throws QuenchError `MISSING_DEPENDENCY` without onnxruntime-node, `INVALID_MODEL` for a file it cannot load,
 *   `MODEL_MISMATCH` where network and configuration disagree; `evaluate` throws `MODEL_FAILED` when a run does.
 */
export async function onnxDenoiser(path: string, options: OnnxDenoiserOptions): Promise<Denoiser> {
  const runtime = await loadRuntime();
  const session = await openSession(runtime, path, options.session ?? {});
  try {
    const signature = readSignature(session, options.config);
    // The addon is loaded only for networks that need its half-precision kernels.
    const half = [signature.x.type, signature.time.type].includes("float16")
      ? await import("../native/index.js")
      : undefined;
    return createDenoiser(runtime.Tensor, half, session, signature, options);
  } catch (cause) {
    await session.release();
    throw cause;
  }
}

type TensorConstructor = typeof import("onnxruntime-node").Tensor;
type Half = Pick<typeof import("../native/index.js"), "halfToFloat" | "floatToHalf">;

function createDenoiser(
  OnnxTensor: TensorConstructor,
  half: Half | undefined,
  session: InferenceSession,
  signature: Signature,
  { process, config, hash }: OnnxDenoiserOptions,
): Denoiser {
  const { shape, fixedBatch, x, time, label, output } = signature;
  const size = shape.reduce((product, length) => product * length, 1);
  const feedsByRows = new Map<number, Feeds>();
  const wrapped = new WeakMap<Vector | Uint16Array, Map<string, Tensor>>();
  let closed = false;

  const wrap = (vector: Vector | Uint16Array, start: number, rows: number): Tensor => {
    const tensors = wrapped.get(vector) ?? new Map<string, Tensor>();
    wrapped.set(vector, tensors);
    const key = `${start}:${rows}`;
    const kept = tensors.get(key);
    if (kept) return kept;
    const made = new OnnxTensor(
      x.type as "float32",
      vector.subarray(start * size, (start + rows) * size) as Float32Array,
      [rows, ...shape],
    );
    tensors.set(key, made);
    return made;
  };

  const slot = (
    { name, type, shared, rank }: ScalarInput<TypedTensor<never>["type"] | string>,
    rows: number,
  ): Slot => {
    const length = shared ? 1 : rows;
    const data = scalarArray(type, length);
    const dimensions = rank === 0 ? [] : [length, ...Array<number>(rank - 1).fill(1)];
    return { name, data, tensor: new OnnxTensor(type as "float32", data as Float32Array, dimensions) };
  };

  const feedsFor = (rows: number): Feeds => {
    const kept = feedsByRows.get(rows);
    if (kept) return kept;
    const made: Feeds = {
      time: slot(time, rows),
      label: label && slot(label, rows),
      half:
        x.type === "float16"
          ? { input: new Uint16Array(rows * size), output: new Uint16Array(rows * size) }
          : undefined,
    };
    feedsByRows.set(rows, made);
    return made;
  };

  const padding =
    fixedBatch === undefined
      ? undefined
      : { input: vectorLike(x.type, fixedBatch * size), output: vectorLike(x.type, fixedBatch * size) };

  /** Runs rows [start, end) of the batch, padded to the network's batch size if it has one. */
  const run = async (batch: Batch, start: number, end: number): Promise<void> => {
    const rows = end - start;
    const runRows = fixedBatch ?? rows;
    const feeds = feedsFor(runRows);
    // Padding repeats the last row: a valid input whose output is dropped.
    const rowAt = (i: number) => Math.min(start + i, end - 1);
    fill(feeds.time.data, (i) => batch.levels[rowAt(i)]!.modelTime, half);
    if (feeds.label) fill(feeds.label.data, (i) => labelOf(batch, rowAt(i)), half);

    const padded = runRows > rows ? padding : undefined;
    let input: Vector = batch.input;
    let target: Vector = batch.output;
    let offset = start;
    if (padded) {
      padded.input.set(batch.input.subarray(start * size, end * size));
      for (let i = rows; i < runRows; i++) padded.input.copyWithin(i * size, (rows - 1) * size, rows * size);
      ({ input, output: target } = padded);
      offset = 0;
    }
    const chunk = (vector: Vector) =>
      vector.subarray(offset * size, (offset + runRows) * size) as Float32Array;
    if (feeds.half) half!.floatToHalf(feeds.half.input, chunk(input));
    const inputTensor = feeds.half ? wrap(feeds.half.input, 0, runRows) : wrap(input, offset, runRows);
    const outputTensor = feeds.half ? wrap(feeds.half.output, 0, runRows) : wrap(target, offset, runRows);
    try {
      // The result is written to the given tensor; the copy that is also returned is dropped at once.
      await session.run(
        {
          [x.name]: inputTensor,
          [feeds.time.name]: feeds.time.tensor,
          ...(feeds.label ? { [feeds.label.name]: feeds.label.tensor } : {}),
        },
        { [output.name]: outputTensor },
      );
    } catch (cause) {
      throw new QuenchError(
        "MODEL_FAILED",
        `the network of "${config.name}" failed (${(cause as Error).message})`,
        { cause },
      );
    }
    if (feeds.half) half!.halfToFloat(chunk(target), feeds.half.output);
    if (padded) batch.output.set(padded.output.subarray(0, rows * size), start * size);
  };

  const labelOf = (batch: Batch, row: number): number => {
    const chosen = batch.labels?.[row] ?? config.nullClass;
    requireArgument(
      chosen !== undefined,
      "labels",
      `"${config.name}" is class-conditional and has no null class: give every sample a label`,
    );
    return chosen;
  };

  /** Whether two rows may share a run of a network that takes one time (or label) for all. */
  const together = (batch: Batch, a: number, b: number): boolean =>
    !(time.shared && batch.levels[a]!.modelTime !== batch.levels[b]!.modelTime) &&
    !(label?.shared && labelOf(batch, a) !== labelOf(batch, b));

  return {
    name: config.name,
    process,
    prediction: config.prediction,
    shape,
    dtype: x.type === "float64" ? "float64" : "float32",
    batchInvariant: false,
    ...(config.valueRange ? { valueRange: config.valueRange } : {}),
    ...(config.classes ? { classes: config.classes } : {}),
    ...(config.nullClass === undefined ? {} : { nullClass: config.nullClass }),
    ...(hash === undefined ? {} : { hash }),
    ...(fixedBatch === undefined ? {} : { fixedBatch }),
    async evaluate(batch) {
      requireArgument(!closed, "denoiser", `"${config.name}" was closed`);
      checkBatch(batch, size, x.type === "float64");
      requireArgument(!(batch.labels && !label), "labels", `"${config.name}" is not class-conditional`);
      for (let start = 0; start < batch.rows; ) {
        let end = start + 1;
        const limit = Math.min(batch.rows, start + (fixedBatch ?? batch.rows));
        while (end < limit && together(batch, start, end)) end++;
        await run(batch, start, end);
        start = end;
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      feedsByRows.clear();
      await session.release();
    },
  };
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
      `expected ${VectorType.name}, received ${vector.constructor.name}`,
    );
    requireArgument(
      vector.length >= rows * size,
      `batch.${name}`,
      `expected ${rows} rows of ${size} numbers, received ${vector.length}`,
    );
  }
  requireArgument(
    levels.length >= rows,
    "batch.levels",
    `expected ${rows} levels, received ${levels.length}`,
  );
  requireArgument(
    labels === undefined || labels.length >= rows,
    "batch.labels",
    `expected ${rows} labels, received ${labels?.length}`,
  );
}

function scalarArray(type: string, length: number): ScalarArray {
  if (type === "int64") return new BigInt64Array(length);
  if (type === "int32") return new Int32Array(length);
  if (type === "float16") return new Uint16Array(length);
  return type === "float64" ? new Float64Array(length) : new Float32Array(length);
}

function vectorLike(type: string, length: number): Vector {
  return type === "float64" ? new Float64Array(length) : new Float32Array(length);
}

/** Writes one number per element; integer inputs get the nearest integer. */
function fill(data: ScalarArray, valueAt: (i: number) => number, half: Half | undefined): void {
  if (data instanceof BigInt64Array)
    for (let i = 0; i < data.length; i++) data[i] = BigInt(Math.round(valueAt(i)));
  else if (data instanceof Int32Array) for (let i = 0; i < data.length; i++) data[i] = Math.round(valueAt(i));
  else if (data instanceof Uint16Array)
    half!.floatToHalf(
      data,
      Float32Array.from({ length: data.length }, (_, i) => valueAt(i)),
    );
  else for (let i = 0; i < data.length; i++) data[i] = valueAt(i);
}
