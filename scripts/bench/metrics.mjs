// Times of the metrics on seeded noise, as JSON with their goals; [dimension] of the large Fréchet distance is 2048.
//
//   npm run build:lib && node scripts/bench/metrics.mjs [dimension] > scripts/bench/results/metrics.json
//
// milliseconds are of the wall, cpu of all threads of the process: on a busy machine the second says more.
import { below } from "../../dist/bench/goals.js";
import * as metrics from "../../dist/metrics/index.js";
import { nativeInfo, normals } from "../../dist/native/index.js";

const dimension = Number(process.argv[2] ?? 2048);
const cases = [];

function noise(length, seed) {
  const values = new Float64Array(length);
  normals(values, BigUint64Array.of(BigInt(seed)), BigUint64Array.of(0n), 0);
  return values;
}

async function timed(name, run) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = await run();
  const { user, system } = process.cpuUsage(used);
  cases.push({ name, milliseconds: performance.now() - start, cpu: (user + system) / 1000 });
  console.error(cases.at(-1));
  return result;
}

const [a, b] = [noise(5000 * 64, 1), noise(5000 * 64, 2)];
const reference = metrics.featureStatistics(a, 64);
await timed("bootstrap of the Fréchet distance: 500 × 64", () =>
  metrics.bootstrapFrechet(b.subarray(0, 500 * 64), reference),
);
await timed("precision and recall: 5,000 and 5,000 × 64", () => metrics.precisionRecall(a, b, 64));
await timed("kernel distance: 5,000 and 5,000 × 64", () => metrics.kernelDistance(a, b, 64));
const rows = Math.ceil(1.5 * dimension);
const [first, second] = [3, 4].map((seed) => Float32Array.from(noise(rows * dimension, seed)));
const statistics = await timed(`mean and covariance: ${rows} × ${dimension}, float32, twice`, () =>
  [first, second].map((features) => metrics.featureStatistics(features, dimension)),
);
await timed(`Fréchet distance: ${dimension} dimensions, full rank`, () =>
  metrics.frechetDistance(...statistics),
);

const [bootstrap, precision, , , frechet] = cases;
const goals = [
  below("bootstrap of the Fréchet distance, ms", bootstrap.milliseconds, 1000),
  below("precision and recall, ms", precision.milliseconds, 1500),
  below(`Fréchet distance in ${dimension} dimensions, ms`, frechet.milliseconds, 60_000),
];
console.log(
  JSON.stringify({ bench: "metrics", node: process.version, native: nativeInfo(), cases, goals }, null, 1),
);
