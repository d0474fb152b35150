import type { InferenceSession } from "onnxruntime-node";
import { QuenchError } from "../errors.js";
import type { SessionOptions } from "./session-options.js";

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
