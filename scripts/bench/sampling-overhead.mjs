// The share of a draw's wall time that is not the model's: digits, 64 samples at once, float32, guidance off and on.
//
//   npm run build:all && node scripts/bench/sampling-overhead.mjs [rounds]
//
// Prints the median of the rounds, and the vectors allocated after the first round (none: the pool keeps them).

import { Evaluator, loadModel, resolveRequest, runRequest, VectorPool } from "../../dist/index.js";

const rounds = Number(process.argv[2] ?? 5);
const model = await loadModel(new URL("../../models/digits", import.meta.url).pathname);
const labels = Array.from({ length: 64 }, (_, i) => i % 10);
const cases = [
  { solver: "ddim", steps: 20 },
  { solver: { name: "ddim", eta: 1 }, steps: 20 },
  { solver: "dpm-solver++-2m", steps: 20 },
  { solver: "dpm-solver++-2m", steps: 20, guidance: 2 },
  { solver: "dpm-solver++-2m", steps: 20, thresholding: { type: "dynamic" } },
  { solver: "edm-heun", steps: 10, grid: "edm" },
  { solver: "unipc", steps: 20 },
  { solver: "evodiff", steps: 20 },
];

console.log("| request | NFE | milliseconds | not the model | vectors made while warm |");
console.log("| --- | ---: | ---: | ---: | ---: |");
for (const request of cases) {
  const pool = new VectorPool();
  const evaluator = new Evaluator(model, pool);
  const run = () => runRequest(evaluator, resolveRequest(model, { ...request, labels }));
  const { nfe } = await run();
  const made = pool.statistics.allocations;
  const timings = [];
  for (let round = 0; round < rounds; round++) timings.push((await run()).timings);
  const share = median(timings.map(({ total, model }) => (total - model) / total));
  const total = median(timings.map(({ total }) => total));
  const { solver, steps, ...rest } = request;
  const name = [
    typeof solver === "string" ? solver : JSON.stringify(solver),
    ...Object.entries(rest).map(([key, value]) => `${key} ${JSON.stringify(value)}`),
  ];
  console.log(
    `| ${name.join(", ").replaceAll('"', "")} | ${nfe} | ${total.toFixed(0)} | ${(100 * share).toFixed(2)}% | ${pool.statistics.allocations - made} |`,
  );
}
await model.close();

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
