// The CUDA addon's functions as native/cuda/binding/addon.cpp registers them, and where the addon is looked for.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { QuenchError } from "../errors.js";
import type { Vector as HostVector } from "../native/index.js";

/** Memory on the card; freed when it is collected, or before by `free`. */
export type CudaMemory = { readonly [cudaMemory]: true };
declare const cudaMemory: unique symbol;

/** A vector is two arguments: memory and its first element. */
type Place = readonly [memory: CudaMemory, first: number];
type Precision = 0 | 1;

export interface CudaDevice {
  readonly name: string;
  readonly computeCapability: string;
  readonly multiprocessors: number;
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly driverVersion: number;
  readonly runtimeVersion: number;
}

export interface CudaTransfers {
  readonly milliseconds: number;
  readonly uploadedBytes: number;
  readonly downloadedBytes: number;
}

export interface CudaBinding {
  open(): CudaDevice;
  allocate(bytes: number): CudaMemory;
  free(memory: CudaMemory): void;
  hostBuffer(bytes: number): ArrayBuffer;
  upload(memory: CudaMemory, byte: number, from: HostVector): void;
  download(to: HostVector, memory: CudaMemory, byte: number): void;
  settle(): void;
  transfers(): CudaTransfers;
  combine(
    double: Precision,
    length: number,
    rows: number,
    ...outAndTerms: readonly (CudaMemory | number | Float64Array | undefined)[]
  ): void;
  gram(
    double: Precision,
    length: number,
    rows: number,
    blocked: 0 | 1,
    out: Float64Array,
    ...basis: readonly (CudaMemory | number | undefined)[]
  ): void;
  normals(
    double: Precision,
    length: number,
    ...rest: [...out: Place, seeds: BigUint64Array, samples: BigUint64Array, stream: number]
  ): void;
  /** Of rows of `size`, from anywhere, one after the other: [memory, first, double, rows, scale] for each block of them. */
  gather(
    double: Precision,
    size: number,
    ...rest: [...out: Place, blocks: readonly (CudaMemory | number)[]]
  ): void;
  /** The other way round: [memory, first, double, rows] for each block. */
  scatter(
    double: Precision,
    size: number,
    ...rest: [...from: Place, blocks: readonly (CudaMemory | number)[]]
  ): void;
  copy(
    double: Precision,
    length: number,
    ...rest: [...out: Place, inputDouble: Precision, ...input: Place]
  ): void;
  fill(double: Precision, length: number, ...rest: [...out: Place, value: number]): void;
  clamp(double: Precision, length: number, ...rest: [...Place, ...Place, low: number, high: number]): void;
  threshold(double: Precision, length: number, ...rest: [...Place, ...Place, limits: Float64Array]): void;
  absoluteQuantile(
    double: Precision,
    length: number,
    out: Float64Array,
    ...rest: [...vector: Place, q: number]
  ): void;
  firstNonFinite(double: Precision, length: number, ...vector: Place): number;
}

/** The same from lib/device/ and from dist/device/. */
const packageRoot = fileURLToPath(new URL("../..", import.meta.url));

/** The package has the sources of the addon but not the script that builds it. */
const howToBuild =
  "build it in a clone of Quench (npm run build:cuda) and set QUENCH_CUDA_ADDON to its path, see docs/cuda.md";

/** Where the addon lies: where QUENCH_CUDA_ADDON says, else where `npm run build:cuda` puts it. */
export function cudaAddonPath(): string {
  return process.env.QUENCH_CUDA_ADDON || `${packageRoot}build/cuda/quench-cuda.node`;
}

/**
 * Loads the CUDA addon and opens the first visible card.
 * @throws QuenchError CUDA_NOT_BUILT, CUDA_NOT_LOADABLE, CUDA_NO_DRIVER, CUDA_NO_DEVICE: what is missing here, in the
 * order in which it is needed; CUDA_FAILED where the card refuses
 */
export function openCuda(path = cudaAddonPath()): {
  readonly binding: CudaBinding;
  readonly info: CudaDevice;
} {
  if (!existsSync(path)) {
    throw unavailable("CUDA_NOT_BUILT", `there is no CUDA addon at ${path}; ${howToBuild}`);
  }
  let loaded: CudaBinding;
  try {
    loaded = createRequire(import.meta.url)(path) as CudaBinding;
  } catch (cause) {
    throw unavailable(
      "CUDA_NOT_LOADABLE",
      `${path} could not be loaded (${messageOf(cause)}); ${howToBuild}`,
      cause,
    );
  }
  try {
    return { binding: typed(loaded), info: loaded.open() };
  } catch (cause) {
    const { status } = cause as { status?: string };
    if (status === "cudaErrorInsufficientDriver") {
      throw unavailable(
        "CUDA_NO_DRIVER",
        "no NVIDIA driver is loaded here, or one older than the addon needs",
        cause,
      );
    }
    if (status === "cudaErrorNoDevice") {
      throw unavailable(
        "CUDA_NO_DEVICE",
        "the NVIDIA driver sees no card (CUDA_VISIBLE_DEVICES may hide it)",
        cause,
      );
    }
    throw failed(cause);
  }
}

/** The same functions, with the card's refusals as typed errors. */
function typed(binding: CudaBinding): CudaBinding {
  const entries = Object.entries(binding).map(([name, call]: [string, (...given: unknown[]) => unknown]) => [
    name,
    (...given: unknown[]) => {
      try {
        return call(...given);
      } catch (cause) {
        throw failed(cause);
      }
    },
  ]);
  return Object.fromEntries(entries);
}

function failed(cause: unknown): unknown {
  if ((cause as { code?: unknown } | null)?.code !== "QUENCH_CUDA") return cause;
  return new QuenchError("CUDA_FAILED", messageOf(cause), { where: "device", cause });
}

function unavailable(
  code: "CUDA_NOT_BUILT" | "CUDA_NOT_LOADABLE" | "CUDA_NO_DRIVER" | "CUDA_NO_DEVICE",
  message: string,
  cause?: unknown,
): QuenchError {
  return new QuenchError(code, `${message}. device "cpu" works everywhere`, { where: "device", cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.trim() : String(cause);
}
