import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { isObject, received } from "../checks/received.js";
import { QuenchError, requireArgument } from "../errors.js";
import type { Prediction, Process } from "../process/index.js";
import { sizeOf } from "../shape.js";
import type { Batch, Denoiser } from "./denoiser.js";
import { modelFailed } from "./model-failed.js";
import type { OpenedModel } from "./open-model.js";
import { requireEssentials } from "./require-denoiser.js";

export interface FunctionDenoiserOptions {
  readonly process: Process;
  readonly prediction: Prediction;
  /** Shape of one sample, e.g. [1, 28, 28]. */
  readonly shape: readonly number[];
  /** Default "any". */
  readonly dtype?: Denoiser["dtype"];
  readonly name?: string;
  readonly valueRange?: readonly [number, number];
  readonly classes?: readonly string[];
  readonly nullClass?: number;
  /** What requests may bring for each sample, by name; `evaluate` finds it in `batch.conditions`. */
  readonly conditions?: NonNullable<Denoiser["conditions"]>;
  /** Whether a row's output depends on that row alone. Default false, the careful answer. */
  readonly batchInvariant?: boolean;
  /** Fills `batch.output`, or returns rows × size numbers that are copied there. */
  evaluate(
    batch: Batch,
  ): ArrayLike<number> | undefined | Promise<ArrayLike<number> | undefined> | Promise<void> | void;
  close?(): Promise<void> | void;
}

/** With what a model has that was opened: a function around one passes it on. */
const functionOptions: OptionNames<FunctionDenoiserOptions & OpenedModel> = {
  process: true,
  prediction: true,
  shape: true,
  dtype: true,
  name: true,
  valueRange: true,
  classes: true,
  nullClass: true,
  conditions: true,
  batchInvariant: true,
  hash: true,
  schedulerConfig: true,
  fixedBatch: true,
  integerTimes: true,
  folder: true,
  file: true,
  config: true,
  truth: true,
  evaluate: true,
  close: true,
};

/**
 * A denoiser from a plain function, synchronous or not.
 *
 * @throws QuenchError `INVALID_ARGUMENT` naming the option that is wrong, `UNKNOWN_NAME` for a prediction or an option
 *   that is none; `evaluate` throws `MODEL_FAILED` when the function throws or returns anything but rows × size numbers.
 */
export function functionDenoiser(options: FunctionDenoiserOptions): Denoiser {
  requireArgument(isObject(options), "options", () => `expected an object, received ${received(options)}`);
  // An instance of a class has members of its own, which `evaluate` finds in `this`.
  if (Object.getPrototypeOf(options) === Object.prototype)
    requireKnownOptions<FunctionDenoiserOptions>(
      options,
      functionOptions as OptionNames<FunctionDenoiserOptions>,
    );
  requireEssentials(options);
  requireArgument(
    typeof options.evaluate === "function",
    "evaluate",
    () => `expected a function, received ${received(options.evaluate)}`,
  );
  const {
    shape,
    name = "function",
    dtype = "any",
    batchInvariant = false,
    evaluate,
    close,
    ...rest
  } = options;
  const size = sizeOf(shape);
  return {
    ...rest,
    name,
    dtype,
    shape: [...shape], // the caller may use theirs for something else
    batchInvariant,
    async evaluate(batch) {
      let returned: ArrayLike<number> | undefined;
      batch.output.fill(Number.NaN); // what the function leaves out is found, and not what was there before
      try {
        returned = (await evaluate.call(options, batch)) ?? undefined;
      } catch (cause) {
        throw modelFailed(name, cause);
      }
      if (returned === undefined || returned === batch.output) return;
      const expected = batch.rows * size;
      if (returned.length !== expected || typeof returned[0] !== "number") {
        const what = typeof returned[0] === "number" ? `${returned.length} numbers` : received(returned);
        throw new QuenchError(
          "MODEL_FAILED",
          `"${name}" returned ${what}, expected ${batch.rows} rows of ${size} numbers, or output filled and nothing`,
        );
      }
      batch.output.set(returned);
    },
    async close() {
      try {
        await close?.call(options);
      } catch (cause) {
        throw modelFailed(name, cause, "failed to close");
      }
    },
  };
}
