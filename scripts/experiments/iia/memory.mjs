// Memory that a calibration holds, by the number of samples: most bytes of array buffers at any batch's end, above what was
// there before. IIA-EDM in 6 steps on samples of 3 × 32 × 32, batches of 32.
//
//   npm run build:lib && node --expose-gc scripts/experiments/iia/memory.mjs

import { setTimeout } from "node:timers/promises";
import { calibrateIia, gaussianMixture } from "../../../dist/index.js";
import { edmGrid } from "./common.mjs";

const size = 3 * 32 * 32;
const means = [1, 2].map((frequency) => Array.from({ length: size }, (_, i) => Math.sin(frequency * i)));
const world = gaussianMixture({ shape: [3, 32, 32], weights: [0.5, 0.5], means, stds: [0.2, 0.3] });
const held = () => {
  globalThis.gc();
  return process.memoryUsage().arrayBuffers;
};
for (const samples of [32, 200, 1000]) {
  held();
  await setTimeout(100); // what the one before held is given back by then
  const before = held();
  let most = 0;
  const onProgress = () => {
    most = Math.max(most, held() - before);
  };
  await calibrateIia(world, { solver: "iia-edm", steps: 6, grid: edmGrid, samples, batch: 32, onProgress });
  console.log(`${samples} samples: ${(most / 1e6).toFixed(1)} MB`);
}
