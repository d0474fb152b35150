// What cold-start.mjs compares `quench sample` with: ONNX Runtime alone, loading the bundled model and running it ten
// times on 64 rows. Nothing is checked, sampled or written.

import { fileURLToPath } from "node:url";
import runtime from "onnxruntime-node";

const { InferenceSession, Tensor } = runtime;
const rows = 64;
const session = await InferenceSession.create(
  fileURLToPath(new URL("../../models/digits/model.onnx", import.meta.url)),
  { logSeverityLevel: 4 },
);
const feeds = {
  x: new Tensor("float32", new Float32Array(rows * 784).fill(0.1), [rows, 1, 28, 28]),
  c_noise: new Tensor("float32", new Float32Array(rows).fill(0.5), [rows]),
  label: new Tensor("int64", new BigInt64Array(rows).fill(3n), [rows]),
};
for (let run = 0; run < 10; run++) await session.run(feeds);
