import type { Tensor } from "onnxruntime-node";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { type ConditionTensor, conditionTensor } from "./condition-tensors.js";
import type { ScalarInput, Signature } from "./onnx-signature.js";
import {
  fillNumbers,
  type HalfPrecision,
  type TensorConstructor,
  tensorNumbers,
  tensorOf,
} from "./tensor-numbers.js";

/** The tensors of a network, made once and reused. */
export interface Tensors {
  /** Rows [start, start + rows) of a vector as a tensor over the same memory. */
  wrap(vector: Vector | Uint16Array, start: number, rows: number): Tensor;
  /** The time and label inputs of a run of so many rows. */
  scalars(rows: number): { readonly time: ScalarTensor; readonly label: ScalarTensor | undefined };
  /** The other inputs, by name. */
  readonly conditions: ReadonlyMap<string, ConditionTensor>;
  /** Half-precision room for a run's input and output; it only grows. */
  half(rows: number): { readonly input: Uint16Array; readonly output: Uint16Array };
}

/** An input of one number per row, or of one number. */
export interface ScalarTensor {
  readonly name: string;
  readonly tensor: Tensor;
  /** Writes every element; integer inputs get the nearest integer. */
  fill(valueAt: (i: number) => number): void;
}

export function createTensors(
  OnnxTensor: TensorConstructor,
  { shape, x, time, label, conditions }: Signature,
  halfPrecision: HalfPrecision | undefined,
): Tensors {
  const size = sizeOf(shape);
  const wrapped = new WeakMap<Vector | Uint16Array, Map<string, Tensor>>();
  const scalarsByRows = new Map<number, ReturnType<Tensors["scalars"]>>();
  let half = { input: new Uint16Array(0), output: new Uint16Array(0) };

  const scalar = ({ name, type, shared, rank }: ScalarInput<string>, rows: number): ScalarTensor => {
    const length = shared ? 1 : rows;
    const data = tensorNumbers(type, length);
    const dimensions = rank === 0 ? [] : [length, ...Array<number>(rank - 1).fill(1)];
    const tensor = tensorOf(OnnxTensor, type, data, dimensions);
    return { name, tensor, fill: (valueAt) => fillNumbers(data, valueAt, halfPrecision) };
  };

  return {
    conditions: new Map(
      conditions.map((input) => [input.name, conditionTensor(OnnxTensor, input, halfPrecision)]),
    ),
    wrap(vector, start, rows) {
      const tensors = wrapped.get(vector) ?? new Map<string, Tensor>();
      wrapped.set(vector, tensors);
      const key = `${start}:${rows}`;
      const kept = tensors.get(key);
      if (kept) return kept;
      const part = vector.subarray(start * size, (start + rows) * size);
      const made = tensorOf(OnnxTensor, x.type, part, [rows, ...shape]);
      tensors.set(key, made);
      return made;
    },
    scalars(rows) {
      const kept = scalarsByRows.get(rows);
      if (kept) return kept;
      const made = { time: scalar(time, rows), label: label && scalar(label, rows) };
      scalarsByRows.set(rows, made);
      return made;
    },
    half(rows) {
      const length = rows * size;
      if (half.input.length < length) {
        half = { input: new Uint16Array(length), output: new Uint16Array(length) };
      }
      return half;
    },
  };
}
