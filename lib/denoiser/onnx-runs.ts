import type { InferenceSession, Tensor } from "onnxruntime-node";
import { QuenchError, requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import type { Batch } from "./denoiser.js";
import type { ModelConfig } from "./model-schema.js";
import type { Signature } from "./onnx-signature.js";
import type { Tensors } from "./onnx-tensors.js";
import type { HalfPrecision } from "./tensor-numbers.js";

/**
 * The runs of a network that a batch takes: one, or several where the network takes so many rows at a time, or one time
 * or label for all of them. Runs share their tensors: one batch at a time.
 */
export class NetworkRuns {
  readonly #size: number;
  /** Vectors as long as the network's own batch, for batches that are shorter. */
  readonly #padding: { readonly input: Vector; readonly output: Vector } | undefined;

  constructor(
    private readonly session: InferenceSession,
    private readonly signature: Signature,
    private readonly tensors: Tensors,
    private readonly halfPrecision: HalfPrecision | undefined,
    private readonly config: Pick<ModelConfig, "name" | "nullClass">,
  ) {
    const { shape, fixedBatch, x } = signature;
    this.#size = sizeOf(shape);
    if (fixedBatch === undefined) return;
    const length = fixedBatch * this.#size;
    this.#padding = { input: vectorLike(x.type, length), output: vectorLike(x.type, length) };
  }

  /** @throws QuenchError MODEL_FAILED where the network does; INVALID_ARGUMENT for a row without a label that needs one */
  async all(batch: Batch): Promise<void> {
    const most = this.signature.fixedBatch ?? batch.rows;
    for (let start = 0; start < batch.rows; ) {
      let end = start + 1;
      const limit = Math.min(batch.rows, start + most);
      while (end < limit && this.#together(batch, start, end)) end++;
      await this.#rows(batch, start, end);
      start = end;
    }
  }

  /** Whether two rows may share a run of a network that takes one time (or label) for all. */
  #together(batch: Batch, a: number, b: number): boolean {
    const { time, label } = this.signature;
    return (
      !(time.shared && batch.levels[a]!.modelTime !== batch.levels[b]!.modelTime) &&
      !(label?.shared && this.#labelOf(batch, a) !== this.#labelOf(batch, b))
    );
  }

  /** Rows [start, end) of the batch, padded to the network's batch size if it has one. */
  async #rows(batch: Batch, start: number, end: number): Promise<void> {
    const rows = end - start;
    const runRows = this.signature.fixedBatch ?? rows;
    // Padding repeats the last row: a valid input whose output is dropped.
    const rowAt = (i: number) => Math.min(start + i, end - 1);
    const feeds = this.#feeds(batch, runRows, rowAt);
    const [padding, size] = [this.#padding, this.#size];
    if (padding === undefined || rows === runRows) {
      return this.#run(batch.input, batch.output, start, runRows, feeds);
    }
    padding.input.set(batch.input.subarray(start * size, end * size));
    for (let i = rows; i < runRows; i++) padding.input.copyWithin(i * size, (rows - 1) * size, rows * size);
    await this.#run(padding.input, padding.output, 0, runRows, feeds);
    batch.output.set(padding.output.subarray(0, rows * size), start * size);
  }

  /** What goes into a run beside the samples. */
  #feeds(batch: Batch, rows: number, rowAt: (i: number) => number): Record<string, Tensor> {
    const labelAt = (i: number) => this.#labelOf(batch, rowAt(i));
    const scalars = this.tensors.scalars(rows);
    scalars.time.fill((i) => batch.levels[rowAt(i)]!.modelTime);
    scalars.label?.fill(labelAt);
    const feeds: Record<string, Tensor> = { [scalars.time.name]: scalars.time.tensor };
    if (scalars.label) feeds[scalars.label.name] = scalars.label.tensor;
    for (const [name, tensor] of this.tensors.conditions)
      feeds[name] = tensor(rows, (i) => batch.conditions?.[rowAt(i)]?.get(name), labelAt);
    return feeds;
  }

  /** One run, on `rows` rows of two vectors, from row `start` on. */
  async #run(
    from: Vector,
    to: Vector,
    start: number,
    rows: number,
    feeds: Record<string, Tensor>,
  ): Promise<void> {
    const { tensors, halfPrecision } = this;
    const { x, output } = this.signature;
    const half = halfPrecision && x.type === "float16" ? tensors.half(rows) : undefined;
    const [first, length] = [start * this.#size, rows * this.#size];
    const part = (vector: Vector) => vector.subarray(first, first + length) as Float32Array;
    if (half) halfPrecision!.floatToHalf(half.input.subarray(0, length), part(from));
    feeds[x.name] = half ? tensors.wrap(half.input, 0, rows) : tensors.wrap(from, start, rows);
    const target = half ? tensors.wrap(half.output, 0, rows) : tensors.wrap(to, start, rows);
    try {
      // The result is written to the given tensor; the copy that is also returned is dropped at once.
      await this.session.run(feeds, { [output.name]: target });
    } catch (cause) {
      const reason = (cause as Error).message;
      const message = `the network of "${this.config.name}" failed (${reason})`;
      throw new QuenchError("MODEL_FAILED", message, { cause });
    }
    if (half) halfPrecision!.halfToFloat(part(to), half.output.subarray(0, length));
  }

  #labelOf(batch: Batch, row: number): number {
    const chosen = batch.labels?.[row] ?? this.config.nullClass;
    requireArgument(
      chosen !== undefined,
      "labels",
      () => `"${this.config.name}" is class-conditional and has no null class: give every sample a label`,
    );
    return chosen;
  }
}

function vectorLike(type: string, length: number): Vector {
  return type === "float64" ? new Float64Array(length) : new Float32Array(length);
}
