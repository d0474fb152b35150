// What the number M of sub-steps does (IIA, Table 6): error against the true solution of a mixture's ODE, residual,
// and seconds. IIA-EDM with r = 1 at NFE 11 and 19, IIA-DDIM and IIA-IPNDM in 10 steps.
//
//   npm run build:lib && node scripts/experiments/iia/substeps.mjs [samples]

import { calibrateIia } from "../../../dist/index.js";
import { averages, edmGrid, edmMixture, logSnrGrid, markdown, save, short, vpMixture } from "./common.mjs";
import { errors, truthOf } from "./truth.mjs";

const samples = Number(process.argv[2] ?? 200);
const cases = [
  { denoiser: edmMixture, grid: edmGrid, solver: "iia-edm", steps: 6 },
  { denoiser: edmMixture, grid: edmGrid, solver: "iia-edm", steps: 10 },
  { denoiser: vpMixture, grid: logSnrGrid, solver: "iia-ddim", steps: 10 },
  { denoiser: vpMixture, grid: logSnrGrid, solver: "iia-ipndm", steps: 10 },
];
const results = [];
const rows = [];
const tables = [
  {
    title: "",
    header: ["member", "steps", "M", "base", "IIA", "IIA, fresh", "error, rms", "error, median", "seconds"],
    rows,
  },
];
for (const { denoiser, grid, solver, steps } of cases) {
  const truth = await truthOf(denoiser, 1000);
  for (const substeps of [3, 10, 20, 50]) {
    const artifact = await calibrateIia(denoiser, { solver, steps, grid, samples, substeps });
    const found = averages(artifact);
    const error = await errors(denoiser, truth, {
      solver: { ...artifact.solver, coefficients: artifact },
      steps,
      grid,
    });
    results.push({ ...found, error });
    const { base, residual, fresh } = found;
    rows.push([
      solver,
      String(steps),
      String(substeps),
      ...[base, residual, fresh, error.rms, error.median].map(short),
      artifact.cost.seconds.toFixed(2),
    ]);
  }
}
console.log(markdown(tables[0]));
save("substeps", { samples }, results, tables);
