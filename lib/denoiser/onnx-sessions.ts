// Apart from onnx.ts, whose declarations are public: a type of ONNX Runtime there would keep programs without it, an
// optional peer, from compiling.
import type { InferenceSession } from "onnxruntime-node";
import type { Denoiser } from "./denoiser.js";

const sessions = new WeakMap<Denoiser["evaluate"], InferenceSession>();

/** Remembers the session that a denoiser calls; by its `evaluate`, which copies of the denoiser share. */
export function keepSession({ evaluate }: Denoiser, session: InferenceSession): void {
  sessions.set(evaluate, session);
}

/** The session that a denoiser calls, for who measures what everything else costs; undefined where it has none. */
export function sessionOf({ evaluate }: Denoiser): InferenceSession | undefined {
  return sessions.get(evaluate);
}
