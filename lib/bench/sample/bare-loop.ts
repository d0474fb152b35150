import { join } from "node:path";
import type { Model, SessionOptions } from "../../denoiser/index.js";
import { loadRuntime, openSession } from "../../denoiser/onnx-runtime.js";
import { readSignature } from "../../denoiser/onnx-signature.js";
import { createTensors } from "../../denoiser/onnx-tensors.js";
import { normals } from "../../native/index.js";

/** A model's network in a session of its own, and nothing around it. */
export interface BareLoop {
  /** `calls` times `session.run` on `rows` rows, the tensors made before. Returns its milliseconds. */
  run(rows: number, calls: number): Promise<number>;
  close(): Promise<void>;
}

/** What no sampler can beat: the runtime called in a loop, with the session options that the sampler uses. */
export async function openBareLoop(model: Model, options: SessionOptions = {}): Promise<BareLoop> {
  const runtime = await loadRuntime();
  const path = join(model.folder, model.config.file ?? "model.onnx");
  const session = await openSession(runtime, path, options);
  const signature = readSignature(session, model.config);
  const tensors = createTensors(runtime.Tensor, signature, undefined);
  const size = model.shape.reduce((a, b) => a * b, 1);
  return {
    async run(rows, calls) {
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
    },
    close: () => session.release(),
  };
}
