import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { loadRuntime } from "../denoiser/onnx-runtime.js";
import { QuenchError, requireArgument } from "../errors.js";
import { firstNonFinite, type Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { finiteRows } from "./check.js";
import { largest, type Preprocessor } from "./preprocess.js";

/** Most samples, and most input numbers, in one run of the network. */
const batch = { rows: 256, numbers: 1 << 23 };
/** Samples of the trial run: with two an output that has one row for all of them is seen. */
const trial = 2;

/** An open network, and what of it is used. */
export interface FeatureSession {
  readonly runtime: Awaited<ReturnType<typeof loadRuntime>>;
  readonly session: InferenceSession;
  /** The network's file, for messages. */
  readonly file: string;
  readonly input: string;
  readonly outputs: readonly string[];
  /** Samples of every run, where the network fixes their number. */
  readonly fixedRows: number | undefined;
}

/** Runs a feature network on any number of samples. */
export class FeatureRunner {
  readonly #used: FeatureSession;
  readonly #preprocessor: Preprocessor | undefined;
  readonly #size: number;
  readonly #inputShape: readonly number[];
  readonly #rowsPerRun: number;

  /**
   * @param shape of one sample, before preprocessing
   * @throws QuenchError INVALID_ARGUMENT for samples too large for one run
   */
  constructor(used: FeatureSession, shape: readonly number[], preprocessor: Preprocessor | undefined) {
    this.#used = used;
    this.#preprocessor = preprocessor;
    this.#size = sizeOf(shape);
    this.#inputShape = preprocessor?.shape ?? shape;
    const inputSize = sizeOf(this.#inputShape);
    this.#rowsPerRun =
      used.fixedRows ?? Math.max(1, Math.min(batch.rows, Math.floor(batch.numbers / inputSize)));
    requireArgument(
      this.#rowsPerRun * inputSize <= largest && this.#size <= largest,
      "shape",
      `a run on ${this.#rowsPerRun} × [${this.#inputShape.join(", ")}] numbers is larger than ${largest}`,
    );
  }

  /** Numbers per sample of each output, by a run on zeros. */
  async widths(): Promise<number[]> {
    const rows = Math.min(trial, this.#rowsPerRun);
    const tensors = await this.#run(new Float32Array(rows * this.#size), rows);
    return tensors.map(({ data, dims }) => data.length / dims[0]!);
  }

  /**
   * Every output of all samples: rows × width.
   * @throws QuenchError INVALID_ARGUMENT, MODEL_MISMATCH, MODEL_FAILED
   */
  async outputs(samples: Vector, widths: readonly number[]): Promise<Float32Array[]> {
    const [size, rows] = [this.#size, finiteRows(samples, this.#size, "samples")];
    const outputs = widths.map((width) => new Float32Array(rows * width));
    for (let first = 0; first < rows; first += this.#rowsPerRun) {
      const count = Math.min(this.#rowsPerRun, rows - first);
      const part = samples.subarray(first * size, (first + count) * size) as Vector;
      const tensors = await this.#run(part, count);
      for (const [i, width] of widths.entries()) {
        outputs[i]!.set((tensors[i]!.data as Float32Array).subarray(0, count * width), first * width);
      }
    }
    for (const [i, output] of outputs.entries()) this.#requireFinite(output, widths[i]!, i);
    return outputs;
  }

  /** One run; a fixed batch is filled up with zeros. */
  async #run(samples: Vector, count: number): Promise<Tensor[]> {
    const { runtime, session, file, input, outputs, fixedRows = count } = this.#used;
    const filled = new Float32Array(fixedRows * sizeOf(this.#inputShape));
    filled.set(this.#preprocessor?.apply(samples) ?? samples);
    const tensor = new runtime.Tensor("float32", filled, [fixedRows, ...this.#inputShape]);
    const found = await session.run({ [input]: tensor }, outputs).catch((cause: Error) => {
      throw new QuenchError("MODEL_FAILED", `the feature network failed (${cause.message})`, {
        where: file,
        cause,
      });
    });
    return outputs.map((name) => {
      const output = found[name] as Tensor;
      if (output.dims[0] === fixedRows) return output;
      throw new QuenchError(
        "MODEL_MISMATCH",
        `the output "${name}" of ${fixedRows} samples is [${output.dims.join(", ")}]: expected a row for each`,
        { where: file },
      );
    });
  }

  #requireFinite(output: Float32Array, width: number, i: number): void {
    const wrong = firstNonFinite(output);
    if (wrong < 0) return;
    const { file, outputs } = this.#used;
    throw new QuenchError(
      "MODEL_FAILED",
      `the output "${outputs[i]}" of sample ${Math.floor(wrong / width)} is not finite`,
      { where: file },
    );
  }
}
