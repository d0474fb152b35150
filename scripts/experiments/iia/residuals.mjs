// Residuals of steps against their fine solutions, in the form of the IIA paper's Tables 4 and 7 (and Fig. 4): averages over the
// steps of mean squared distances, on the calibration batch and on a fresh one.
//
//   npm run build:lib && node scripts/experiments/iia/residuals.mjs mixture|digits|garments [samples] [step counts to keep, e.g. 6,10]
//
// What is saved with the same settings is not measured again. results/residuals-….json, results: one object per row with
// title, model, solver (name and options), settings, steps, base, residual, freshBase, fresh, everyStepNoLarger, cost, and
// the base's along its own path: ownBase, ownFreshBase.

import { calibrateIia } from "../../../dist/index.js";
import {
  averages,
  bundled,
  edmGrid,
  edmMixture,
  logSnrGrid,
  markdown,
  ofBaseItself,
  save,
  saved,
  short,
  vpMixture,
} from "./common.mjs";
import { labelOf } from "./members.mjs";

const [where = "mixture", samples = "200", kept] = process.argv.slice(2);
const wanted = kept?.split(",").map(Number);
const model = where === "mixture" ? undefined : await bundled(where);
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

const file = `residuals-${where}`;
const results = (wanted && saved(file, common)?.results) || [];
const isOf = (one, title, n, solver) =>
  one.title === title &&
  one.steps === n &&
  Object.entries(solver).every(([option, value]) => one.solver[option] === value);

for (const { title, denoiser, grid, steps, members } of families) {
  for (const n of steps.filter((count) => wanted?.includes(count) ?? true)) {
    const bases = new Map();
    for (const solver of members) {
      if (results.some((one) => isOf(one, title, n, solver))) continue;
      const options = { ...common, solver, steps: n, grid };
      const found = averages(await calibrateIia(denoiser, options));
      const key = solver.name.replace(/^b?iia[:-]/, "");
      if (!bases.has(key)) bases.set(key, await ofBaseItself(denoiser, options));
      const own = bases.get(key);
      results.push({ title, model: denoiser.name, ...found, ownBase: own.base, ownFreshBase: own.fresh });
      save(file, common, results, tables(), wanted ? [where, samples] : undefined);
      console.error(new Date().toISOString(), labelOf(solver), n);
    }
  }
}
for (const table of tables()) {
  console.log(`\n${table.title}, ${where}, ${samples} samples\n\n${markdown(table)}`);
}
await model?.close();

function tables() {
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
  return families.map(({ title, steps, members }) => ({
    title,
    header,
    rows: steps.flatMap((n) =>
      members.flatMap((solver) => {
        const one = results.find((each) => isOf(each, title, n, solver));
        if (!one) return [];
        const values = [one.ownBase, one.base, one.residual, one.freshBase, one.fresh].map(short);
        return [[String(n), labelOf(solver), ...values, one.everyStepNoLarger ? "yes" : "NO"]];
      }),
    ),
  }));
}
