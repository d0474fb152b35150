// Fréchet distance of the bundled model's samples to held-out images, by schedule: DDIM, stochastic (eta 1) and
// deterministic, at 8, 16 and 32 calls. Cells that are already in the results are kept: delete the file to start anew.
import { parseArgs } from "node:util";
import { loadModel, readJson, riskSchema, sample } from "../../../dist/index.js";
import { frechetDistance, openFeatures, StatisticsAccumulator } from "../../../dist/metrics/index.js";
import { savedResults, saveResults } from "../common.mjs";

const folder = new URL("../../../models/digits", import.meta.url).pathname;
const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "500" },
    batch: { type: "string", default: "100" },
    nfe: { type: "string", default: "8,16,32" },
  },
});
const [samples, batch] = [Number(values.samples), Number(values.batch)];
const calls = values.nfe.split(",").map(Number);
const model = await loadModel(folder);
const network = await openFeatures(folder);
const risk = await readJson(`${folder}/risk.json`, riskSchema);
const grids = {
  edm: "edm",
  "log-snr": "log-snr",
  "time-uniform": "time-uniform",
  "rescaled-entropic": { schedule: "rescaled-entropic", risk },
  "spectral-entropic": { schedule: "spectral-entropic", risk },
  "las, c inf": { schedule: "las", risk, axis: "inf" },
  "las, c 1": { schedule: "las", risk, axis: 1 },
  "las, c 10": { schedule: "las", risk, axis: 10 },
};
const before = savedResults("digits");
const cells = before?.samples === samples && before.hash === model.hash ? before.cells : [];
for (const steps of calls) {
  for (const eta of [1, 0]) {
    for (const [schedule, grid] of Object.entries(grids)) {
      const solver = eta === 1 ? "stochastic DDIM" : "deterministic DDIM";
      if (cells.some((c) => c.solver === solver && c.schedule === schedule && c.nfe === steps)) continue;
      const statistics = new StatisticsAccumulator(network.dimension);
      for (let first = 0; first < samples; first += batch) {
        const count = Math.min(batch, samples - first);
        const labels = Array.from({ length: count }, (_, i) => (first + i) % 10);
        const { data } = await sample(model, {
          solver: { name: "ddim", eta },
          steps,
          // As the samplers of EDM and ETS have it: N nodes, the last step to zero.
          grid: typeof grid === "string" ? { schedule: grid, final: "zero" } : { ...grid, final: "zero" },
          labels,
          firstSample: first,
          seed: 7,
        });
        statistics.add(await network.extract(data));
      }
      const frechet = await frechetDistance(statistics.statistics(), network.reference);
      cells.push({ solver, schedule, nfe: steps, frechet });
      console.log(solver, steps, schedule, frechet.toFixed(3));
      saveResults("digits", { samples, hash: model.hash, risk: risk.settings, cells });
    }
  }
}
await network.close();
await model.close();
