// A worker thread that uses the addon by itself until it is stopped; it reports once it has worked.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

const load = createRequire(import.meta.url)("node-gyp-build");
const addon = load(fileURLToPath(new URL("../..", import.meta.url)));

const { seed, threads, rounds, thenExit } = workerData;
addon.setThreads(threads);
const length = 300_001;
const noise = new Float32Array(length);
const sum = new Float32Array(length);
const products = new Float64Array(3);
const quantile = new Float64Array(1);

function work() {
  addon.normals(noise, BigUint64Array.of(BigInt(seed)), BigUint64Array.of(0n), 0, 0);
  addon.combine(sum, 1, 0, 0.5, noise, 0.25, noise);
  addon.gram(products, 1, 0, noise, undefined, sum, undefined);
  addon.absoluteQuantile(quantile, sum, 0.995, 1);
}

for (let round = 0; round < rounds; round++) work();
parentPort.postMessage([...products, ...quantile, addon.callCounts().combine]);
if (thenExit) process.exit();
// Work on, so that whoever ends this thread ends it in the middle of a call.
for (;;) work();
