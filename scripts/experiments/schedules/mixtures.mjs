// LAS Appendix G: negative mean log-likelihood of 20,000 samples, circle8 and grid8, DDIM (eta = 1) and
// SDE-DPM-Solver++(2M), LAS against linear time and EDM. LAS is tuned on a pilot of other seeds, as the paper does.
import { parseArgs } from "node:util";
import { logDensity, sample, tuneLas, vpLinear } from "../../../dist/index.js";
import { mean } from "../../../dist/metrics/mean.js";
import { saveResults } from "../common.mjs";
import { worldWithRisk } from "./support.mjs";

const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "20000" },
    pilot: { type: "string", default: "2000" },
  },
});
const [samples, pilot] = [Number(values.samples), Number(values.pilot)];
const solvers = {
  "DDIM (eta 1)": { name: "ddim", eta: 1 },
  "SDE-DPM-Solver++(2M)": { name: "sde-dpm-solver++-2m" },
};
const cells = [];
for (const name of ["circle8", "grid8"]) {
  const { world, denoiser, risk } = await worldWithRisk(name, vpLinear(), 20_000);
  const score = (data) => -mean(logDensity(world, data));
  for (const [title, solver] of Object.entries(solvers)) {
    for (const steps of [5, 7, 10]) {
      const tuned = await tuneLas(denoiser, risk, {
        steps,
        axes: [1, 3, 10, 30, 100, "inf"],
        smoothnesses: title.startsWith("DDIM") ? [0] : [0, 0.01, 0.1, 1],
        exponents: title.startsWith("DDIM") ? [2] : [1, 2, 3],
        samples: pilot,
        batch: pilot,
        seed: 99n,
        request: { solver },
        metric: "negative mean log-likelihood",
        score,
      });
      const { axis, smoothness, exponent, sigma } = tuned.best;
      const grids = { las: { sigma: [...sigma] }, "time-uniform": "time-uniform", edm: "edm" };
      for (const [schedule, grid] of Object.entries(grids)) {
        const { data, nfe } = await sample(denoiser, { solver, steps, grid, count: samples, seed: 1 });
        const cell = { world: name, solver: title, schedule, nfe, score: score(data) };
        cells.push(schedule === "las" ? { ...cell, axis, smoothness, exponent, sigma } : cell);
        console.log(name, title, steps, schedule, cell.score.toFixed(3));
      }
    }
  }
}
saveResults("mixtures", { samples, pilot, cells });
