// A worker thread whose computations end while the thread itself does: it exits with a result waiting, or goes on asking
// until it is stopped.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

const load = createRequire(import.meta.url)("node-gyp-build");
const addon = load(fileURLToPath(new URL("../..", import.meta.url)));

const dimension = 8;
const identity = Float64Array.from({ length: dimension ** 2 }, (_, i) => Number(i % (dimension + 1) === 0));
const ask = () => addon.rootTrace(identity, identity, dimension);

function spin(milliseconds) {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

if (workerData.thenExit) {
  for (let i = 0; i < 4; i++) ask();
  spin(30);
  process.exit(0);
}
parentPort.postMessage("working");
for (;;) {
  const asked = Array.from({ length: 8 }, ask);
  spin(1);
  await Promise.all(asked);
}
