import type { Denoiser } from "../../denoiser/denoiser.js";
import type { LoadModelOptions } from "../../denoiser/index.js";
import { type ErrorCode, QuenchError } from "../../errors.js";
import type { Level } from "../../process/index.js";
import type { Progress } from "../progress.js";
import type { SampleRequest } from "../request.js";
import type { JsonRequest } from "../request-schema.js";
import type { Samples } from "../sample.js";
import type { Tick } from "../statistics.js";
import type { ExitGate } from "./exit-gate.js";

/**
 * Where a worker gets its model: a model folder or ONNX file, or a module whose named export, by default the default
 * one, is a function returning a denoiser or a promise of one, for denoisers that are code. It is called with
 * `argument`, which is copied to the worker. A module is a URL, a path (`./` and `../` from the working directory), or
 * the name of a package that Quench sees; `import.meta.resolve(name)` is the URL of one that you see.
 */
export type ModelSource =
  | string
  | { readonly path: string; readonly options?: LoadModelOptions }
  | { readonly module: string | URL; readonly export?: string; readonly argument?: unknown };

/** Which vectors a stream's reports carry across the thread boundary. */
export type Frames = "none" | "x" | "prediction" | "both";

/** A request without what only the caller's own thread can use. */
export type PortableRequest = JsonRequest & Pick<SampleRequest, "initial" | "conditions" | "nullConditions">;

export interface WorkerSetup {
  readonly model: ModelSource;
  readonly maxBatch: number;
  readonly threads: number;
  /** For threads: see {@link ExitGate}. */
  readonly gate?: ExitGate;
}

export type ToWorker =
  | {
      readonly type: "sample";
      readonly id: number;
      readonly request: PortableRequest;
      readonly frames: Frames | undefined;
    }
  | { readonly type: "cancel"; readonly id: number }
  /** The reader of a stream has taken one of its reports. */
  | { readonly type: "read"; readonly id: number }
  /** Is answered by `alive`. */
  | { readonly type: "ask" }
  | { readonly type: "close" };

export interface PortableReport {
  readonly index: number;
  readonly steps: number;
  readonly level: Level;
  readonly evaluations: number;
  readonly x?: Samples["data"];
  readonly prediction?: Samples["data"];
}

/** What the host learns of the model. */
export interface ModelDescription {
  readonly name: string;
  readonly shape: readonly number[];
  readonly classes?: readonly string[];
  readonly nullClass?: number;
  readonly conditions?: Denoiser["conditions"];
  readonly valueRange?: readonly [number, number];
  readonly hash?: string;
}

/** What a worker did since it last said so. */
export interface WorkerLoad {
  readonly ticks: readonly Tick[];
  readonly vectorBytes: number;
  readonly peakVectorBytes: number;
}

export type FromWorker =
  | { readonly type: "ready"; readonly model: ModelDescription }
  | { readonly type: "refused"; readonly error: PortableError }
  | { readonly type: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly type: "step"; readonly id: number; readonly report: PortableReport }
  | { readonly type: "result"; readonly id: number; readonly samples: Samples }
  | { readonly type: "error"; readonly id: number; readonly error: PortableError }
  | { readonly type: "load"; readonly load: WorkerLoad }
  /** How long the model call under way has taken; 0 without one. */
  | { readonly type: "alive"; readonly callMilliseconds: number };

export interface PortableError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly where: string | undefined;
  readonly stack: string | undefined;
}

export function packError(error: unknown): PortableError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const ours = error instanceof QuenchError ? error : undefined;
  return { code: ours?.code, message, where: ours?.where, stack };
}

/** The error as it was thrown in the worker; the worker's stack is its cause. */
export function unpackError({ code, message, where, stack }: PortableError): QuenchError {
  const cause = new Error(message);
  if (stack !== undefined) cause.stack = stack;
  const error = new QuenchError(code ?? "WORKER_FAILED", message, { cause });
  return where === undefined ? error : Object.assign(error, { where });
}
