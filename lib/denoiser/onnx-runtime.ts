import type { InferenceSession } from "onnxruntime-node";
import { z } from "zod";
import { QuenchError } from "../errors.js";

/** Settings of the ONNX Runtime session that runs a model; ONNX Runtime's defaults where left out. */
export interface SessionOptions {
  /** Threads inside one operator. More are not always faster on small networks: measure. */
  readonly intraOpNumThreads?: number;
  /** Threads across operators; matters only with `executionMode: "parallel"`. */
  readonly interOpNumThreads?: number;
  readonly graphOptimizationLevel?: "disabled" | "basic" | "extended" | "all";
  readonly executionMode?: "sequential" | "parallel";
  readonly enableCpuMemArena?: boolean;
  readonly enableMemPattern?: boolean;
  /** Whether idle threads spin while they wait: faster alone, wasteful beside other work. */
  readonly allowSpinning?: boolean;
  /** Execution providers in order of preference, e.g. ["cuda", "cpu"]. */
  readonly executionProviders?: readonly string[];
}

const threads = z.number().int().nonnegative().optional();

/** What {@link SessionOptions} may hold. */
export const sessionOptionsSchema = z.strictObject({
  intraOpNumThreads: threads,
  interOpNumThreads: threads,
  graphOptimizationLevel: z.enum(["disabled", "basic", "extended", "all"]).optional(),
  executionMode: z.enum(["sequential", "parallel"]).optional(),
  enableCpuMemArena: z.boolean().optional(),
  enableMemPattern: z.boolean().optional(),
  allowSpinning: z.boolean().optional(),
  executionProviders: z.array(z.string()).optional(),
});

type Runtime = typeof import("onnxruntime-node");

/**
 * Loads onnxruntime-node, an optional peer dependency, when the first model needs it.
 *
 * @throws QuenchError `MISSING_DEPENDENCY` saying how to install it.
 */
export async function loadRuntime(specifier = "onnxruntime-node"): Promise<Runtime> {
  try {
    const loaded = (await import(specifier)) as Runtime & { default?: Runtime };
    return loaded.default ?? loaded;
  } catch (cause) {
    const missing = (cause as { code?: unknown } | null)?.code === "ERR_MODULE_NOT_FOUND";
    throw new QuenchError(
      "MISSING_DEPENDENCY",
      `ONNX models need the package onnxruntime-node, which ${missing ? "is not installed" : "failed to load"}; ` +
        "install it with: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node",
      { cause },
    );
  }
}

/** Opens a session on a file. Errors are thrown, not also written to stderr. */
export async function openSession(
  runtime: Runtime,
  path: string,
  options: SessionOptions,
): Promise<InferenceSession> {
  const { allowSpinning, executionProviders, ...rest } = options;
  const spinning =
    allowSpinning === undefined
      ? {}
      : { extra: { session: { intra_op: { allow_spinning: allowSpinning ? "1" : "0" } } } };
  try {
    return await runtime.InferenceSession.create(path, {
      logSeverityLevel: 4,
      ...rest,
      ...spinning,
      ...(executionProviders ? { executionProviders: [...executionProviders] } : {}),
    });
  } catch (cause) {
    throw new QuenchError(
      "INVALID_MODEL",
      `not a network that ONNX Runtime can load (${(cause as Error).message})`,
      { where: path, cause },
    );
  }
}
