import type { Vector } from "../native/index.js";
import type { Level, Prediction, Process } from "../process/index.js";
import type { SchedulerConfig } from "./scheduler-config.js";

/** One sample's row of what a network is told beside its state, time and label: a text embedding, say. */
export type ConditionRow = Float32Array | Float64Array | Int32Array;

/** By the name of the network's input. */
export type RowConditions = ReadonlyMap<string, ConditionRow>;

/** An input of the network that holds a row for every sample. */
export interface ConditionInput {
  /** Shape of a row, e.g. [77, 768]. */
  readonly shape: readonly number[];
  /** Whether the model has rows itself, by label, for requests that bring none. */
  readonly optional?: boolean;
  /** Largest magnitude that the network's type for it can hold: 65504 in half precision. Default: any. */
  readonly largest?: number;
  /** sha256 of the rows that the model has itself. */
  readonly digest?: string;
}

/** One model call: `rows` states of equal shape, each at its own noise level. */
export interface Batch {
  readonly rows: number;
  /** rows × size, already scaled by the prediction's input scale. Read only. */
  readonly input: Vector;
  /**
   * rows × size; the denoiser fills all of it with what the model emits. Same dtype as `input`. What it held before means
   * nothing, and once `evaluate` has resolved it is computed on: a denoiser keeps a copy, if anything.
   */
  readonly output: Vector;
  /** One level per row. */
  readonly levels: readonly Level[];
  /** One class index per row, for class-conditional models; the null class where a row is unconditional. */
  readonly labels: Int32Array | undefined;
  /** What the requests of the rows brought, one map per row; undefined where nobody did. */
  readonly conditions?: readonly RowConditions[] | undefined;
}

/** What evaluates: an ONNX session, an exact Gaussian mixture, a plain function. */
export interface Denoiser {
  readonly name: string;
  readonly process: Process;
  readonly prediction: Prediction;
  /** Shape of one sample, e.g. [1, 28, 28]. */
  readonly shape: readonly number[];
  /** dtype of `Batch.input` and `Batch.output`; "any" takes either. */
  readonly dtype: "float32" | "float64" | "any";
  /** Range of the data, e.g. [-1, 1]: for clamping and for writing images. */
  readonly valueRange?: readonly [number, number];
  /** Names of the classes of a class-conditional model. */
  readonly classes?: readonly string[];
  /** The label that means "no class", for classifier-free guidance. */
  readonly nullClass?: number;
  /** Further inputs of the network, by name: requests bring rows for them in `conditions`. */
  readonly conditions?: Readonly<Record<string, ConditionInput>>;
  /** sha256 of the weights, in hexadecimal, to tie artifacts to their model. */
  readonly hash?: string;
  /** The diffusers scheduler configuration that came with the model, as it is in the file. */
  readonly schedulerConfig?: SchedulerConfig;
  /** Fixed batch size of a model exported without a dynamic batch; such models are fed in chunks of it. */
  readonly fixedBatch?: number;
  /** Whether the model takes its time as an integer; others are told fractions of a timestep too. */
  readonly integerTimes?: boolean;
  /** Whether a sample's output has the same bits whatever else is in its batch. ONNX Runtime's differs in the last ones. */
  readonly batchInvariant: boolean;
  evaluate(batch: Batch): Promise<void>;
  /** Releases what the denoiser holds. Using it afterwards is an error. */
  close(): Promise<void>;
}
