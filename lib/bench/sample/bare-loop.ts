import type { InferenceSession } from "onnxruntime-node";
import type { Model } from "../../denoiser/index.js";
import { loadRuntime } from "../../denoiser/onnx-runtime.js";
import { readSignature } from "../../denoiser/onnx-signature.js";
import { createTensors } from "../../denoiser/onnx-tensors.js";
import { normals } from "../../native/index.js";
import { sizeOf } from "../../shape.js";

/** `calls` times `session.run` on `rows` rows, the tensors made before. Returns its milliseconds. */
export type BareLoop = (rows: number, calls: number) => Promise<number>;

/** What no sampler can beat: the runtime called in a loop. */
export async function bareLoop(model: Model, session: InferenceSession): Promise<BareLoop> {
  const { Tensor } = await loadRuntime();
  const signature = readSignature(session, model.config);
  const tensors = createTensors(Tensor, signature, undefined);
  const size = sizeOf(model.shape);
  return async (rows, calls) => {
    const input = new Float32Array(rows * size);
    normals(input, BigUint64Array.of(1n), BigUint64Array.of(0n), 0);
    const { time, label } = tensors.scalars(rows);
    time.fill(() => model.process.at(model.process.tStart).modelTime);
    const feeds = {
      [signature.x.name]: tensors.wrap(input, 0, rows),
      [time.name]: time.tensor,
      ...(label ? { [label.name]: label.tensor } : {}),
    };
    const fetches = { [signature.output.name]: tensors.wrap(new Float32Array(rows * size), 0, rows) };
    const begun = performance.now();
    for (let call = 0; call < calls; call++) await session.run(feeds, fetches);
    return performance.now() - begun;
  };
}
