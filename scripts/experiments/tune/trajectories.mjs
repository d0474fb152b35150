// How exact the trajectories are that tuning measures errors against: DPM-Solver++ 3M on EDM's grid in so many steps, against
// Heun's method in 120.
//
//   npm run build:lib && node scripts/experiments/tune/trajectories.mjs [digits|garments|mixture] [--samples 16]
import { parseArgs } from "node:util";
import { sample } from "../../../dist/index.js";
import { saveResults } from "../common.mjs";
import { drawAll, subject } from "./common.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    samples: { type: "string", default: "16" },
  },
});
const [name = "digits"] = positionals;
const samples = Number(values.samples);
const one = await subject(name);
const grid = { schedule: "edm", final: "zero" };
const draw = async (solver, steps) =>
  (await drawAll(one, sample, { solver, steps, grid }, 7007, samples)).data;
const exact = await draw("edm-heun", 120);
const rows = [];
for (const steps of [20, 40, 80]) {
  const data = await draw("dpm-solver++-3m", steps);
  const square = data.reduce((sum, x, i) => sum + (x - exact[i]) ** 2, 0) / data.length;
  rows.push({ steps, rmse: Math.sqrt(square) });
  console.log(steps, Math.sqrt(square).toPrecision(3));
}
saveResults(`trajectories-${name}`, { samples, model: one.denoiser.hash, rows });
await one.judge.close();
await one.denoiser.close();
