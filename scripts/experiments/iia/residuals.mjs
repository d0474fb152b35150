// Residuals of steps against their fine solutions, in the form of paper 004's Tables 4 and 7 (and Fig. 4): averages over the
// steps of mean squared distances, on the calibration batch and on a fresh one.
//
//   npm run build:lib && node scripts/experiments/iia/residuals.mjs mixture|digits [samples] [step counts to keep, e.g. 6,10]

import { calibrateIia } from "../../../dist/index.js";
import {
  averages,
  digits,
  edmGrid,
  edmMixture,
  logSnrGrid,
  markdown,
  ofBaseItself,
  save,
  short,
  vpMixture,
} from "./common.mjs";

const [where = "mixture", samples = "200", kept] = process.argv.slice(2);
const wanted = kept?.split(",").map(Number);
const model = where === "digits" ? await digits() : undefined;
const labels = model?.classes.map((_, label) => label);
const common = { samples: Number(samples), ...(labels ? { labels } : {}) };

const families = [
  {
    title: "EDM members, NFE 11, 13, 15, 19",
    denoiser: model ?? edmMixture,
    grid: edmGrid,
    steps: [6, 7, 8, 10],
    members: [
      { name: "biia-edm", history: 0 },
      { name: "biia-edm", history: 1 },
      { name: "biia-edm", history: 2 },
      { name: "iia-edm", history: 0 },
      { name: "iia-edm", history: 1 },
      { name: "iia-edm", history: 2 },
      { name: "iia:edm-heun" },
    ],
  },
  {
    title: "DDIM, one and two quantities, 10, 20, 40 steps",
    denoiser: model ?? vpMixture,
    grid: logSnrGrid,
    steps: [10, 20, 40],
    members: [{ name: "iia-ddim", quantities: 1 }, { name: "iia-ddim", quantities: 2 }, { name: "iia:ddim" }],
  },
  {
    title: "Multi-step solvers, 10 and 20 steps",
    denoiser: model ?? vpMixture,
    grid: logSnrGrid,
    steps: [10, 20],
    members: [
      { name: "iia-dpm-solver++-2m" },
      { name: "iia:dpm-solver++-2m" },
      { name: "iia-spndm" },
      { name: "iia-ipndm" },
      { name: "iia:unipc" },
    ],
  },
];

const results = [];
const tables = [];
const header = [
  "steps",
  "member",
  "base, own path",
  "base, same states",
  "IIA",
  "base, fresh",
  "IIA, fresh",
  "every step ≤ base",
];
for (const { title, denoiser, grid, steps, members } of families) {
  const rows = [];
  tables.push({ title, header, rows });
  for (const n of steps.filter((count) => wanted?.includes(count) ?? true)) {
    const bases = new Map();
    for (const solver of members) {
      const options = { ...common, solver, steps: n, grid };
      const found = averages(await calibrateIia(denoiser, options));
      const key = solver.name.replace(/^b?iia[:-]/, "");
      if (!bases.has(key)) bases.set(key, await ofBaseItself(denoiser, options));
      const own = bases.get(key);
      results.push({ title, model: denoiser.name, ...found, ownBase: own.base, ownFreshBase: own.fresh });
      const { name, ...given } = solver;
      const label = [name, ...Object.entries(given).map(([k, v]) => `${k} ${v}`)].join(", ");
      const values = [own.base, found.base, found.residual, found.freshBase, found.fresh].map(short);
      rows.push([String(n), label, ...values, found.everyStepNoLarger ? "yes" : "NO"]);
      save(`residuals-${where}`, common, results, tables);
    }
  }
}
for (const table of tables.filter(({ rows }) => rows.length > 0)) {
  console.log(`\n${table.title}, ${where}, ${samples} samples\n\n${markdown(table).join("\n")}`);
}
await model?.close();
