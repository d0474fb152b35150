import type { Tensor } from "onnxruntime-node";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import type { ScalarInput, Signature } from "./onnx-signature.js";

export type TensorConstructor = typeof import("onnxruntime-node").Tensor;
/** The native half-precision kernels. */
export type HalfPrecision = Pick<typeof import("../native/index.js"), "halfToFloat" | "floatToHalf">;

/** The tensors of a network, made once and reused. */
export interface Tensors {
  /** Rows [start, start + rows) of a vector as a tensor over the same memory. */
  wrap(vector: Vector | Uint16Array, start: number, rows: number): Tensor;
  /** The time and label inputs of a run of so many rows. */
  scalars(rows: number): { readonly time: ScalarTensor; readonly label: ScalarTensor | undefined };
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
  { shape, x, time, label }: Signature,
  halfPrecision: HalfPrecision | undefined,
): Tensors {
  const size = sizeOf(shape);
  const wrapped = new WeakMap<Vector | Uint16Array, Map<string, Tensor>>();
  const scalarsByRows = new Map<number, ReturnType<Tensors["scalars"]>>();
  let half = { input: new Uint16Array(0), output: new Uint16Array(0) };

  const scalar = ({ name, type, shared, rank }: ScalarInput<string>, rows: number): ScalarTensor => {
    const length = shared ? 1 : rows;
    const data = scalarArray(type, length);
    const dimensions = rank === 0 ? [] : [length, ...Array<number>(rank - 1).fill(1)];
    const tensor = new OnnxTensor(type as "float32", data as Float32Array, dimensions);
    return { name, tensor, fill: (valueAt) => fill(data, valueAt, halfPrecision) };
  };

  return {
    wrap(vector, start, rows) {
      const tensors = wrapped.get(vector) ?? new Map<string, Tensor>();
      wrapped.set(vector, tensors);
      const key = `${start}:${rows}`;
      const kept = tensors.get(key);
      if (kept) return kept;
      const part = vector.subarray(start * size, (start + rows) * size) as Float32Array;
      const made = new OnnxTensor(x.type as "float32", part, [rows, ...shape]);
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

type ScalarArray = BigInt64Array | Int32Array | Float32Array | Float64Array | Uint16Array;

function scalarArray(type: string, length: number): ScalarArray {
  if (type === "int64") return new BigInt64Array(length);
  if (type === "int32") return new Int32Array(length);
  if (type === "float16") return new Uint16Array(length);
  return type === "float64" ? new Float64Array(length) : new Float32Array(length);
}

function fill(data: ScalarArray, valueAt: (i: number) => number, half: HalfPrecision | undefined): void {
  if (data instanceof BigInt64Array) {
    for (let i = 0; i < data.length; i++) data[i] = BigInt(Math.round(valueAt(i)));
  } else if (data instanceof Int32Array) {
    for (let i = 0; i < data.length; i++) data[i] = Math.round(valueAt(i));
  } else if (data instanceof Uint16Array) {
    const floats = Float32Array.from({ length: data.length }, (_, i) => valueAt(i));
    half!.floatToHalf(data, floats);
  } else {
    for (let i = 0; i < data.length; i++) data[i] = valueAt(i);
  }
}
