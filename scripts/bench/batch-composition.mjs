// How much ONNX Runtime's output of a row depends on what else is in its batch: the largest difference between samples
// drawn alone and the same requests drawn together through an engine, on the digits model (data in [-1, 1]).
//
//   npm run build:all && node scripts/bench/batch-composition.mjs [requests] [maxBatch] [--json]

import { mixedWorkload } from "../../dist/bench/engine/workload.js";
import { Engine, loadModel, sample } from "../../dist/index.js";

const [requests = 40, maxBatch = 32] = process.argv
  .slice(2)
  .filter((word) => word !== "--json")
  .map(Number);
const model = await loadModel(new URL("../../models/digits", import.meta.url).pathname);
const workload = mixedWorkload(requests).requests;
const alone = [];
for (const request of workload) alone.push((await sample(model, request)).data);
const engine = new Engine(model, { maxBatch, queueLimit: 1_000_000 });
const together = await Promise.all(workload.map((request) => engine.sample(request)));

let largest = 0;
let differing = 0;
let samples = 0;
const size = model.shape.reduce((a, b) => a * b, 1);
for (const [i, { data }] of together.entries()) {
  for (let start = 0; start < data.length; start += size) {
    const differences = data
      .subarray(start, start + size)
      .map((value, j) => Math.abs(value - alone[i][start + j]));
    const most = differences.reduce((a, b) => Math.max(a, b), 0);
    samples++;
    if (most > 0) differing++;
    largest = Math.max(largest, most);
  }
}
await engine.close();
const result = { bench: "batch-composition", requests, maxBatch, samples, differing, largest, goals: [] };
if (process.argv.includes("--json")) console.log(JSON.stringify(result));
else console.log(`${differing} of ${samples} samples differ, by at most ${largest.toExponential(2)}`);
