// ETS Section 6.1 and H.2: KL divergence against the number of calls for stochastic DDIM in one dimension, equal steps
// in the process's own time, in entropic and in rescaled entropic time, with the spread over seeds.
import { parseArgs } from "node:util";
import { edm, sample, vpLinear } from "../../../dist/index.js";
import { mean, standardDeviation } from "../../../dist/metrics/mean.js";
import { saveResults } from "../common.mjs";
import { worldWithRisk } from "./support.mjs";

const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "4000" },
    seeds: { type: "string", default: "8" },
  },
});
const [samples, seeds] = [Number(values.samples), Number(values.seeds)];
const processes = { "vp-linear": vpLinear(), edm: edm() };
const schedules = ["time-uniform", "entropic", "rescaled-entropic"];

/** Bins around the points: KL(truth ‖ samples) with half a count added to every bin. */
function discreteKl(world, data) {
  const points = world.means.map((m) => m[0]);
  const counts = points.map(() => 0.5);
  for (const x of data) {
    let best = 0;
    for (let k = 1; k < points.length; k++)
      if (Math.abs(x - points[k]) < Math.abs(x - points[best])) best = k;
    counts[best]++;
  }
  const total = data.length + 0.5 * points.length;
  return mean(counts.map((count) => -Math.log((count / total) * points.length)));
}

/** KL(truth ‖ samples), both convolved with the same Gaussian of deviation h, so that the estimate has no bias from it. */
function continuousKl(world, data, h = 0.05) {
  const gauss = (z, v) => Math.exp((-z * z) / (2 * v)) / Math.sqrt(2 * Math.PI * v);
  const step = 0.02;
  let kl = 0;
  const grid = Array.from({ length: 351 }, (_, i) => -3.5 + i * step);
  const estimate = new Float64Array(grid.length);
  for (const x of data) {
    const near = Math.round((x + 3.5) / step);
    for (let i = Math.max(0, near - 15); i <= Math.min(grid.length - 1, near + 15); i++)
      estimate[i] += gauss(grid[i] - x, h * h) / data.length;
  }
  for (const [i, x] of grid.entries()) {
    const p = mean(world.means.map((m, k) => gauss(x - m[0], world.stds[k] ** 2 + h * h)));
    if (p > 1e-12) kl += step * p * Math.log(p / Math.max(estimate[i], 1e-6));
  }
  return kl;
}

const cells = [];
for (const [process, made] of Object.entries(processes)) {
  for (const name of ["discrete5", "discrete15", "continuous5", "continuous15"]) {
    const { world, denoiser, risk } = await worldWithRisk(name, made, 4000);
    const divergence = name.startsWith("discrete") ? discreteKl : continuousKl;
    for (const schedule of schedules) {
      for (const nfe of [4, 8, 16, 32, 64]) {
        const values = [];
        for (let seed = 0; seed < seeds; seed++) {
          const grid = schedule === "time-uniform" ? schedule : { schedule, risk };
          const request = { solver: { name: "ddim", eta: 1 }, steps: nfe, grid, count: samples, seed };
          values.push(divergence(world, (await sample(denoiser, request)).data));
        }
        cells.push({
          process,
          world: name,
          schedule,
          nfe,
          kl: mean(values),
          spread: seeds > 1 ? standardDeviation(values) : 0,
        });
      }
      console.log(
        process,
        name,
        schedule,
        cells
          .slice(-5)
          .map(({ kl }) => kl.toFixed(4))
          .join(" "),
      );
    }
  }
}
saveResults("one-dimensional", { samples, seeds, cells });
