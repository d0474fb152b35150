import { availableParallelism, cpus } from "node:os";
import type { InferenceSession } from "onnxruntime-node";
import { defined } from "../defined.js";
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
  const { allowSpinning, executionProviders, device, ...rest } = options;
  const spinning =
    allowSpinning === undefined
      ? {}
      : { extra: { session: { intra_op: { allow_spinning: allowSpinning ? "1" : "0" } } } };
  const open = (providers: readonly string[] | undefined) =>
    runtime.InferenceSession.create(path, {
      logSeverityLevel: 4,
      ...defined({ intraOpNumThreads: allowedThreads() }),
      ...rest,
      ...spinning,
      ...(providers ? { executionProviders: [...providers] } : {}),
    });
  try {
    if (device !== "cuda" || executionProviders) return await open(executionProviders);
    return (await openOnCuda(runtime, open)) ?? (await open(undefined));
  } catch (cause) {
    throw new QuenchError(
      "INVALID_MODEL",
      `not a network that ONNX Runtime can load (${(cause as Error).message})`,
      { where: path, cause },
    );
  }
}

/**
 * As many threads as the process may use processors, where an affinity or a container's share leaves it fewer than the
 * machine has. ONNX Runtime makes one per core of the machine whatever is allowed, and they wait for one another: two on
 * one core take 2.2 times as long for a sample and 1.7 for 64 (`taskset -c 1 quench bench sample --steps 8 --batches
 * 1,64`, with and without `--threads 2`; 2026-11, 2 cores of an Intel Xeon).
 */
function allowedThreads(): number | undefined {
  const allowed = availableParallelism();
  return allowed < cpus().length ? allowed : undefined;
}

/** A session on the CUDA execution provider, or a warning. */
async function openOnCuda(
  runtime: Runtime,
  open: (providers: readonly string[]) => Promise<InferenceSession>,
): Promise<InferenceSession | undefined> {
  let reason = "this build has none";
  if (runtime.listSupportedBackends().some(({ name }) => name === "cuda")) {
    try {
      return await open(["cuda", "cpu"]);
    } catch (cause) {
      reason = (cause as Error).message;
    }
  }
  process.emitWarning(
    `onnxruntime-node has no CUDA execution provider here: the model runs on the CPU (${reason})`,
    {
      code: "QUENCH_MODEL_ON_CPU",
    },
  );
  return undefined;
}
