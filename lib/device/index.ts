import type { Backend, Dtype, Vector } from "./backend.js";
import { CudaBackend } from "./cuda.js";
import { openCuda } from "./cuda-binding.js";
import { CudaVector } from "./cuda-vector.js";
import { hostBackend, hostDtype, isHostVector } from "./host.js";

export type {
  Accumulate,
  Backend,
  BasisElement,
  Coefficient,
  Combination,
  Correction,
  Dtype,
  Measure,
  SourceRows,
  TargetRows,
  Term,
  Vector,
} from "./backend.js";
export { CudaBackend } from "./cuda.js";
export { type CudaDevice, openCuda } from "./cuda-binding.js";
export { hostBackend, isHostVector } from "./host.js";

export const devices = ["cpu", "cuda"] as const;
export type DeviceName = (typeof devices)[number];

let cuda: CudaBackend | undefined;

/**
 * The backend of a device. The card is looked for when it is first asked for.
 * @throws QuenchError CUDA_NOT_BUILT, CUDA_NOT_LOADABLE, CUDA_NO_DRIVER, CUDA_NO_DEVICE, CUDA_FAILED
 */
export function backendFor(device: DeviceName): Backend {
  if (device === "cpu") return hostBackend;
  cuda ??= new CudaBackend(openCuda().binding);
  return cuda;
}

/** The backend that a vector belongs to. */
export function backendOf(vector: Vector): Backend {
  return vector instanceof CudaVector ? vector.backend : hostBackend;
}

export function dtypeOf(vector: Vector): Dtype {
  if (vector instanceof CudaVector) return vector.dtype;
  if (isHostVector(vector)) return hostDtype(vector);
  throw new TypeError("Expected a vector of the host or of a card");
}
