import { z } from "zod";

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
  /**
   * "cuda": the CUDA execution provider, where this onnxruntime-node has one that works here; else the model runs on
   * the CPU and a warning (code QUENCH_MODEL_ON_CPU) says so. `executionProviders` goes before it.
   */
  readonly device?: "cpu" | "cuda";
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
  device: z.enum(["cpu", "cuda"]).optional(),
  executionProviders: z.array(z.string()).optional(),
});
