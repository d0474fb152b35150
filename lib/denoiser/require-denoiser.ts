import { isObject, received } from "../checks/received.js";
import { requireArgument, requireInteger, unknownName } from "../errors.js";
import { type Process, predictions } from "../process/index.js";
import type { ConditionInput, Denoiser } from "./denoiser.js";

/** The members that a denoiser has in whatever way it is made. */
type Essentials = Pick<
  Denoiser,
  "process" | "prediction" | "shape" | "conditions" | "dtype" | "valueRange" | "classes" | "nullClass"
>;

const dtypes: readonly unknown[] = ["float32", "float64", "any"] satisfies Denoiser["dtype"][];

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
export function requireEssentials(
  { process, prediction, shape, conditions = {}, ...optional }: Partial<Essentials>,
  prefix = "",
): void {
  requireProcess(process, `${prefix}process`);
  requireShape(shape, `${prefix}shape`);
  requireArgument(
    isObject(conditions),
    `${prefix}conditions`,
    () => `expected shapes by the names of inputs, received ${received(conditions)}`,
  );
  for (const [name, input] of Object.entries(conditions)) requireInput(input, `${prefix}conditions.${name}`);
  requireArgument(
    typeof prediction === "string",
    `${prefix}prediction`,
    () => `expected one of ${predictions.join(", ")}, received ${received(prediction)}`,
  );
  if (!predictions.includes(prediction)) throw unknownName("prediction", prediction, predictions);
  requireOptional(optional, prefix);
}

function requireInput(input: unknown, where: string): void {
  const { shape, largest } = (isObject(input) ? input : {}) as Partial<ConditionInput>;
  requireShape(shape, `${where}.shape`);
  requireArgument(
    largest === undefined || largest > 0,
    `${where}.largest`,
    () => `expected a number above 0, received ${received(largest)}`,
  );
}

/** A null class that is no class would go to the network as another one, and a dtype that is none as float32. */
function requireOptional(
  { dtype, valueRange, classes, nullClass }: Partial<Essentials>,
  prefix: string,
): void {
  requireArgument(
    dtype === undefined || dtypes.includes(dtype),
    `${prefix}dtype`,
    () => `expected one of ${dtypes.join(", ")}, received ${received(dtype)}`,
  );
  requireArgument(
    valueRange === undefined ||
      (Array.isArray(valueRange) &&
        valueRange.length === 2 &&
        valueRange.every(Number.isFinite) &&
        valueRange[0] < valueRange[1]),
    `${prefix}valueRange`,
    () => `expected [low, high] with low < high, received ${received(valueRange)}`,
  );
  requireArgument(
    classes === undefined || Array.isArray(classes),
    `${prefix}classes`,
    () => `expected the names of the classes, received ${received(classes)}`,
  );
  if (nullClass !== undefined)
    requireInteger(nullClass, `${prefix}nullClass`, { least: 0, most: 2 ** 31 - 1 });
}

export function requireProcess(process: unknown, where: string): asserts process is Process {
  requireArgument(
    isObject(process) && typeof process.at === "function" && isObject(process.clean),
    where,
    () =>
      `expected a process, as vpLinear(), vpDiscrete(), edm() and flow() give, received ${received(process)}`,
  );
}

/** Of one sample. */
export function requireShape(shape: unknown, where: string): asserts shape is readonly number[] {
  requireArgument(
    Array.isArray(shape) &&
      shape.length > 0 &&
      shape.every((length) => Number.isInteger(length) && length > 0),
    where,
    () =>
      `expected positive integers, received ${Array.isArray(shape) ? `[${shape.join(", ")}]` : received(shape)}`,
  );
}
