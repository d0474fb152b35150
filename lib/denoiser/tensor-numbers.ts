import type { Tensor } from "onnxruntime-node";

export type TensorConstructor = typeof import("onnxruntime-node").Tensor;
/** The native half-precision kernels. */
export type HalfPrecision = Pick<typeof import("../native/index.js"), "halfToFloat" | "floatToHalf">;

/** Numbers in the type of a network's input; half-precision ones as their bits. */
export type TensorNumbers = BigInt64Array | Int32Array | Float32Array | Float64Array | Uint16Array;

export function tensorNumbers(type: string, length: number): TensorNumbers {
  if (type === "int64") return new BigInt64Array(length);
  if (type === "int32") return new Int32Array(length);
  if (type === "float16") return new Uint16Array(length);
  return type === "float64" ? new Float64Array(length) : new Float32Array(length);
}

/** The largest magnitude that a type of {@link tensorNumbers} holds; of 64-bit integers, that JavaScript's numbers count to. */
export function largestNumber(type: string): number {
  if (type === "int64") return Number.MAX_SAFE_INTEGER;
  if (type === "int32") return 2 ** 31 - 1;
  if (type === "float16") return 65504;
  return type === "float64" ? Number.MAX_VALUE : (2 - 2 ** -23) * 2 ** 127;
}

/** Writes every element; integers are the nearest. */
export function fillNumbers(
  data: TensorNumbers,
  valueAt: (i: number) => number,
  half: HalfPrecision | undefined,
): void {
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

/** A tensor over the numbers. */
export function tensorOf(
  OnnxTensor: TensorConstructor,
  type: string,
  data: TensorNumbers,
  dimensions: readonly number[],
): Tensor {
  const tensor = new OnnxTensor(type as "float32", data as Float32Array, dimensions);
  // From Node.js 24 on the constructor puts a Float16Array over half-precision bits, which the runtime's binding takes
  // for 0 bytes (microsoft/onnxruntime, pull request 32323).
  if (tensor.data !== data) Object.defineProperty(tensor, "data", { value: data });
  return tensor;
}
