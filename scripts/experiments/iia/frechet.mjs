// Fréchet distance of an image model's draws at equal NFE, each member beside its base. Draws of a base and of its members
// share their noises (seed 0), calibration has others (seed 4004); so the difference of the two, and its interval of 95 %,
// come from a paired bootstrap over the noises.
//
//   npm run build:lib && node scripts/experiments/iia/frechet.mjs [options]
//
//     --model digits            a folder of models/ with feature statistics
//     --guidance 1              guidance scale; 1 is the conditional model alone
//     --nfe 5,7,11,15,25        model calls per draw, in the order in which they are measured
//     --draws 500               per cell
//     --samples 100             to calibrate on
//     --resamples 200           of the bootstrap
//     --members iia-ddim,...    only these (default: all of members.mjs)
//     --ablation                r = 0, 1, 2 and one or two quantities, instead
//
// Every cell is saved when it is done, and the same command goes on where it was stopped. results/frechet-….json:
//
//   settings  what was asked for; cells of other settings are not kept
//   tables    as docs/iia.md shows them
//   results   one per cell: guidance, base, solver (the member's name), options (the member's), nfe, steps,
//             plain and iia (the distances of the base's draws and of the member's), low and high (the interval
//             of iia − plain), beyondNoise (whether zero lies outside of it), cost (of the calibration)

import { parseArgs } from "node:util";
import { calibrateIia, loadModel, sample } from "../../../dist/index.js";
import { bootstrapFrechet, difference, interval, openFeatures } from "../../../dist/metrics/index.js";
import { markdown, save, saved } from "./common.mjs";
import { ablations, labelOf, members } from "./members.mjs";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "digits" },
    guidance: { type: "string", default: "1" },
    nfe: { type: "string", default: "5,7,11,15,25" },
    draws: { type: "string", default: "500" },
    samples: { type: "string", default: "100" },
    resamples: { type: "string", default: "200" },
    members: { type: "string" },
    ablation: { type: "boolean", default: false },
  },
});
const guidance = Number(values.guidance);
const [count, samples, resamples] = [values.draws, values.samples, values.resamples].map(Number);
const folder = new URL(`../../../models/${values.model}`, import.meta.url).pathname;
// Threads that wait without spinning: cells are compared by their distances, not by their speed.
const model = await loadModel(folder, { session: { allowSpinning: false } });
const features = await openFeatures(folder);
const classes = model.classes.map((_, label) => label);
const settings = { model: { name: model.name, sha256: model.hash }, draws: count, samples, resamples };
const kind = [
  values.model === "digits" ? "frechet" : `frechet-${values.model}`,
  values.ablation ? "ablation" : "",
];
const name = [...kind.filter(Boolean), "guidance", guidance].join("-");

const wanted = values.members?.split(",");
const listed = values.ablation ? ablations : members;
const all = listed.filter(
  ({ solver }) => (wanted?.includes(solver) ?? true) && (guidance !== 1 || solver !== "iia-ddim-guided"),
);
const results = saved(name, settings)?.results ?? [];
const cellOf = ({ solver }, nfe) =>
  results.find((one) => one.nfe === nfe && labelOf(one.asked) === labelOf(solver));

/** The distance of `count` draws to the reference, and what it becomes on each resample of them. */
async function distanceOf(request) {
  const rows = new Float32Array(count * features.dimension);
  const chunk = 64;
  for (let first = 0; first < count; first += chunk) {
    const n = Math.min(chunk, count - first);
    const labels = Array.from({ length: n }, (_, i) => classes[(first + i) % classes.length]);
    const { data } = await sample(model, { ...request, count: n, firstSample: first, labels });
    rows.set(await features.extract(data), first * features.dimension);
  }
  const strata = Array.from({ length: count }, (_, i) => classes[i % classes.length]);
  return bootstrapFrechet(rows, features.reference, { resamples, strata });
}

for (const nfe of values.nfe.split(",").map(Number)) {
  for (const base of new Set(all.map((member) => member.base))) {
    let plain;
    for (const member of all.filter((one) => one.base === base)) {
      const steps = member.stepsFor(nfe);
      if (steps < 2 || cellOf(member, nfe)) continue;
      const asked = { steps, grid: member.grid, ...(guidance === 1 ? {} : { guidance }) };
      plain ??= await distanceOf({ solver: base, ...asked });
      const artifact = await calibrateIia(model, {
        solver: member.solver,
        ...asked,
        samples,
        labels: classes,
      });
      const { solver, cost } = artifact;
      const found = await distanceOf({ solver: { ...solver, coefficients: artifact }, ...asked });
      const { low, high, beyondNoise } = interval(difference(found, plain));
      const { name: solverName, ...options } = solver;
      const distances = { plain: plain.value, iia: found.value, low, high, beyondNoise };
      results.push({
        guidance,
        base,
        solver: solverName,
        options,
        asked: member.solver,
        nfe,
        steps,
        ...distances,
        cost,
      });
      save(name, settings, results, [table(), summary()], inOneGo());
      console.error(new Date().toISOString(), labelOf(member.solver), nfe, JSON.stringify(distances));
    }
  }
}
save(name, settings, results, [table(), summary()], inOneGo());
for (const one of [table(), summary()]) console.log(`${markdown(one)}\n`);
await features.close();
await model.close();

/** The results of one of the listed members, by NFE. */
function resultsOf(member) {
  return results
    .filter((one) => labelOf(one.asked) === labelOf(member.solver))
    .toSorted((a, b) => a.nfe - b.nfe);
}

/** The options that ask for everything that is there by now. */
function inOneGo() {
  const { ablation, model: folderName, draws, samples: calibrated } = values;
  const nfes = [...new Set(results.map(({ nfe }) => nfe))].toSorted((a, b) => a - b);
  return [
    ...(folderName === "digits" ? [] : ["--model", folderName]),
    ...(guidance === 1 ? [] : ["--guidance", values.guidance]),
    ...(ablation ? ["--ablation"] : []),
    ...["--draws", draws, "--samples", calibrated, "--nfe", nfes.join(",")],
  ];
}

function verdict({ beyondNoise, plain, iia }) {
  if (!beyondNoise) return "no difference seen";
  return iia < plain ? "better" : "worse";
}

function table() {
  const rows = listed.flatMap((member) =>
    resultsOf(member).map((one) => {
      const { asked, base, nfe, plain, iia, low, high } = one;
      const difference = `${(iia - plain).toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`;
      return [base, labelOf(asked), String(nfe), plain.toFixed(2), iia.toFixed(2), difference, verdict(one)];
    }),
  );
  return {
    title: "",
    header: ["base", "member", "NFE", "of the base", "of IIA", "difference (95 %)", ""],
    rows,
  };
}

/** At which NFE a member is what, beside its base. */
function summary() {
  const verdicts = ["better", "no difference seen", "worse"];
  const rows = listed.flatMap((member) => {
    const own = resultsOf(member);
    if (own.length === 0) return [];
    const at = (wanted) => own.filter((one) => verdict(one) === wanted).map(({ nfe }) => nfe);
    return [[labelOf(member.solver), ...verdicts.map((one) => at(one).join(", ") || "–")]];
  });
  return { title: "At which NFE a member's distance is", header: ["", ...verdicts], rows };
}
