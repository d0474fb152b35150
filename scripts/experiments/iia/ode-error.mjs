// Error against the true solution of a mixture's ODE at equal NFE, each member beside its base: 1,000 samples of seed 0, none
// of them calibrated on.
//
//   npm run build:lib && node scripts/experiments/iia/ode-error.mjs [samples to calibrate on]

import { calibrateIia } from "../../../dist/index.js";
import { edmMixture, markdown, save, short, vpMixture } from "./common.mjs";
import { members } from "./members.mjs";
import { errors, truthOf } from "./truth.mjs";

const samples = Number(process.argv[2] ?? 200);
const worlds = { edm: edmMixture, vp: vpMixture };
const truths = { edm: await truthOf(edmMixture, 1000), vp: await truthOf(vpMixture, 1000) };
const results = [];
const rows = [];
const tables = [
  { title: "", header: ["member", "NFE", "base, rms", "IIA, rms", "base, median", "IIA, median"], rows },
];
for (const { base, solver, grid, stepsFor } of members) {
  const process = grid.schedule === "edm" ? "edm" : "vp";
  const [denoiser, truth] = [worlds[process], truths[process]];
  for (const nfe of [5, 7, 11, 15, 19, 25]) {
    const steps = stepsFor(nfe);
    if (steps < 2) continue;
    const artifact = await calibrateIia(denoiser, { solver, steps, grid, samples });
    const plain = await errors(denoiser, truth, { solver: base, steps, grid });
    const iia = await errors(denoiser, truth, {
      solver: { ...artifact.solver, coefficients: artifact },
      steps,
      grid,
    });
    results.push({ solver: artifact.solver, base, steps, nfe: iia.nfe, plain, iia });
    const values = [plain.rms, iia.rms, plain.median, iia.median].map(short);
    rows.push([artifact.solver.name, String(iia.nfe), ...values]);
  }
}
console.log(markdown(tables[0]));
save("ode-error", { samples }, results, tables);
