// Fréchet distance of the digits model's draws at equal NFE, each member beside its base, conditional and guided. Draws and bases
// share their noises (seed 0); calibration has others (seed 4004).
//
//   npm run build:lib && node scripts/experiments/iia/frechet.mjs [draws] [samples to calibrate on] [NFEs] [guidances, e.g. 1 or 1,2]

import { calibrateIia, sample } from "../../../dist/index.js";
import { frechetDistance, openFeatures, StatisticsAccumulator } from "../../../dist/metrics/index.js";
import { digits, markdown, save } from "./common.mjs";
import { members } from "./members.mjs";

const [draws = "500", samples = "64", nfes = "5,7,11,15,25", guidances = "1,2"] = process.argv.slice(2);
const count = Number(draws);
const model = await digits();
const features = await openFeatures(new URL("../../../models/digits", import.meta.url).pathname);
const classes = model.classes.map((_, label) => label);
const labels = Array.from({ length: count }, (_, i) => classes[i % classes.length]);

async function distance(request) {
  const statistics = new StatisticsAccumulator(features.dimension);
  const chunk = 100;
  for (let first = 0; first < count; first += chunk) {
    const n = Math.min(chunk, count - first);
    const { data } = await sample(model, {
      ...request,
      count: n,
      firstSample: first,
      labels: labels.slice(first, first + n),
    });
    statistics.add(await features.extract(data));
  }
  return frechetDistance(statistics.statistics(), features.reference);
}

const settings = { draws: count, samples: Number(samples), model: { name: model.name, sha256: model.hash } };
const results = [];
const rows = [];
const tables = [{ title: "", header: ["guidance", "member", "NFE", "base", "IIA"], rows }];
for (const guidance of guidances.split(",").map(Number)) {
  const guided = guidance === 1 ? {} : { guidance };
  const plain = new Map();
  for (const { base, solver, grid, stepsFor } of members) {
    for (const nfe of nfes.split(",").map(Number)) {
      const steps = stepsFor(nfe);
      if (steps < 2) continue;
      const asked = { steps, grid, ...guided };
      const artifact = await calibrateIia(model, {
        solver,
        ...asked,
        samples: settings.samples,
        labels: classes,
      });
      const key = `${base} ${nfe}`;
      if (!plain.has(key)) plain.set(key, await distance({ solver: base, ...asked }));
      const found = await distance({ solver: { ...artifact.solver, coefficients: artifact }, ...asked });
      results.push({
        guidance,
        base,
        solver: artifact.solver.name,
        nfe,
        plain: plain.get(key),
        iia: found,
        cost: artifact.cost,
      });
      rows.push([String(guidance), solver, String(nfe), plain.get(key).toFixed(2), found.toFixed(2)]);
      console.error(rows.at(-1).join("  "));
      save(`frechet-guidance-${guidances}`, settings, results, tables);
    }
  }
}
console.log(markdown(tables[0]).join("\n"));
await features.close();
await model.close();
