import type { Tensor } from "onnxruntime-node";
import type { NpyData } from "../io/npy.js";
import { sizeOf } from "../shape.js";
import type { ConditionInput } from "./onnx-signature.js";
import {
  fillNumbers,
  type HalfPrecision,
  type TensorConstructor,
  type TensorNumbers,
  tensorNumbers,
  tensorOf,
} from "./tensor-numbers.js";

/** What a run's rows are told, by their labels. The next run writes to the same memory. */
export type ConditionTensor = (rows: number, labelAt: (row: number) => number) => Tensor;

export function conditionTensor(
  OnnxTensor: TensorConstructor,
  { type, data, shape, rows: known }: ConditionInput,
  half: HalfPrecision | undefined,
): ConditionTensor {
  const size = sizeOf(shape);
  const table = inType(type, data, half);
  let room = tensorNumbers(type, 0);
  return (rows, labelAt) => {
    const grows = room.length < rows * size;
    if (grows) room = tensorNumbers(type, rows * size);
    if (known > 1 || grows) {
      for (let row = 0; row < rows; row++) {
        const label = known > 1 ? labelAt(row) : 0;
        room.set(table.subarray(label * size, (label + 1) * size) as never, row * size);
      }
    }
    return tensorOf(OnnxTensor, type, room.subarray(0, rows * size), [rows, ...shape]);
  };
}

function inType(type: string, data: NpyData, half: HalfPrecision | undefined): TensorNumbers {
  const table = tensorNumbers(type, data.length);
  if (data.constructor === table.constructor) return data as TensorNumbers;
  fillNumbers(table, (i) => Number(data[i]), half);
  return table;
}
