import type { Tensor } from "onnxruntime-node";
import { QuenchError } from "../errors.js";
import type { NpyData } from "../io/npy.js";
import { sizeOf } from "../shape.js";
import type { ConditionRow } from "./denoiser.js";
import type { NetworkCondition } from "./onnx-signature.js";
import {
  fillNumbers,
  type HalfPrecision,
  type TensorConstructor,
  type TensorNumbers,
  tensorNumbers,
  tensorOf,
} from "./tensor-numbers.js";

/**
 * What a run's rows are told: what their requests brought, else what the model knows of their labels. The next run
 * writes to the same memory.
 */
export type ConditionTensor = (
  rows: number,
  broughtAt: (row: number) => ConditionRow | undefined,
  labelAt: (row: number) => number,
) => Tensor;

export function conditionTensor(
  OnnxTensor: TensorConstructor,
  { name, type, data, shape, rows: known }: NetworkCondition,
  half: HalfPrecision | undefined,
): ConditionTensor {
  const size = sizeOf(shape);
  const table = inType(type, data, half);
  let room = tensorNumbers(type, 0);
  const rowOf = (brought: ConditionRow | undefined, labelAt: () => number): TensorNumbers => {
    if (brought) return inType(type, brought, half);
    if (known === 0)
      throw new QuenchError("INVALID_ARGUMENT", `expected ${size} numbers for every row`, {
        where: `conditions.${name}`,
      });
    const label = known === 1 ? 0 : labelAt();
    return table.subarray(label * size, (label + 1) * size);
  };
  return (rows, broughtAt, labelAt) => {
    if (room.length < rows * size) room = tensorNumbers(type, rows * size);
    for (let row = 0; row < rows; row++)
      room.set(rowOf(broughtAt(row), () => labelAt(row)) as never, row * size);
    return tensorOf(OnnxTensor, type, room.subarray(0, rows * size), [rows, ...shape]);
  };
}

/** The same numbers, as they are where they have the type already. */
function inType(type: string, data: NpyData, half: HalfPrecision | undefined): TensorNumbers {
  if (data.constructor === tensorNumbers(type, 0).constructor) return data as TensorNumbers;
  const numbers = tensorNumbers(type, data.length);
  // Rows of requests come this way in every call, most of them as float32 to a network of half precision.
  if (data instanceof Float32Array && numbers instanceof Uint16Array) half!.floatToHalf(numbers, data);
  else fillNumbers(numbers, (i) => Number(data[i]), half);
  return numbers;
}
