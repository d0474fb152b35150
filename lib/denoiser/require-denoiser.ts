import { isObject, received } from "../checks/received.js";
import { requireArgument, unknownName } from "../errors.js";
import { predictions } from "../process/index.js";
import type { Denoiser } from "./denoiser.js";

/** The members that every denoiser has, in whatever way it is made. */
type Essentials = Pick<Denoiser, "process" | "prediction" | "shape">;

/**
 * For functions that take a denoiser from a program, which may pass anything.
 * @throws QuenchError INVALID_ARGUMENT, or UNKNOWN_NAME for its prediction
 */
export function requireDenoiser(value: unknown): asserts value is Denoiser {
  requireArgument(
    isObject(value),
    "denoiser",
    () =>
      `expected a denoiser, as loadModel(path), gaussianMixture() and functionDenoiser() give, received ${received(value)}`,
  );
  requireEssentials(value as Partial<Essentials>, "denoiser.");
  requireArgument(
    typeof value.evaluate === "function",
    "denoiser.evaluate",
    () => `expected a function, received ${received(value.evaluate)}`,
  );
}

/** @param prefix of `where`: whose members they are */
export function requireEssentials({ process, prediction, shape }: Partial<Essentials>, prefix = ""): void {
  requireArgument(
    isObject(process) && typeof process.at === "function" && isObject(process.clean),
    `${prefix}process`,
    () =>
      `expected a process, as vpLinear(), vpDiscrete(), edm() and flow() give, received ${received(process)}`,
  );
  requireArgument(
    Array.isArray(shape) &&
      shape.length > 0 &&
      shape.every((length) => Number.isInteger(length) && length > 0),
    `${prefix}shape`,
    () =>
      `expected positive integers, received ${Array.isArray(shape) ? `[${shape.join(", ")}]` : received(shape)}`,
  );
  requireArgument(
    typeof prediction === "string",
    `${prefix}prediction`,
    () => `expected one of ${predictions.join(", ")}, received ${received(prediction)}`,
  );
  if (!predictions.includes(prediction)) throw unknownName("prediction", prediction, predictions);
}
