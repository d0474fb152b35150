// Fréchet distances of an image model's draws at equal NFE: bases, and members beside them. Draws of a base and of its members
// share their noises (seed 0), calibration has others (seed 4004); so the difference of any two, and its interval of 95 %,
// come from a paired bootstrap over the noises, by class.
//
//   npm run build:lib && node scripts/experiments/iia/frechet.mjs [options]
//
//     --model digits            a folder of models/ with feature statistics
//     --set members             one of members.mjs's sets
//     --guidance 1              guidance scale; 1 is the conditional model alone
//     --nfe 5,7,11,15,25        model calls per draw, in the order in which they are measured; default: the set's
//     --draws 300               per cell
//     --samples 32              to calibrate on
//     --resamples 1000          of the bootstrap
//
// What is drawn is kept under build/iia (draws.mjs), and the same command goes on where it was stopped.
// results/frechet-MODEL-SET-guidance-G.json:
//
//   settings  what was asked for
//   tables    as docs/iia.md shows them
//   results   one per cell: base, member (its label; the base's own cell has none), nfe, steps, value, low, high, and of members
//             cost (of the calibration), residual (means over the steps, common.mjs) and against: by label of its base and of
//             every member measured before on the same, {value, standardError, low, high} of the difference to that

import { parseArgs } from "node:util";
import { loadModel } from "../../../dist/index.js";
import { bootstrapFrechet, difference, interval, openFeatures } from "../../../dist/metrics/index.js";
import { averages, markdown, save } from "./common.mjs";
import { drawsOf } from "./draws.mjs";
import { memberLabel, sets } from "./members.mjs";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "digits" },
    set: { type: "string", default: "members" },
    guidance: { type: "string", default: "1" },
    nfe: { type: "string" },
    draws: { type: "string", default: "300" },
    samples: { type: "string", default: "32" },
    resamples: { type: "string", default: "1000" },
  },
});
const [guidance, count, samples, resamples] = [
  values.guidance,
  values.draws,
  values.samples,
  values.resamples,
].map(Number);
const set = sets[values.set];
if (!set) throw new Error(`--set: expected one of ${Object.keys(sets).join(", ")}, received ${values.set}`);
const nfes = values.nfe?.split(",").map(Number) ?? set.nfe;
const folder = new URL(`../../../models/${values.model}`, import.meta.url).pathname;
// Threads that wait without spinning: cells are compared by their distances, not by their speed.
const model = await loadModel(folder, { session: { allowSpinning: false } });
const features = await openFeatures(folder);
const { featuresOf, strata } = drawsOf(model, features, { count, samples, guidance });
const settings = {
  model: { name: model.name, sha256: model.hash },
  guidance,
  draws: count,
  samples,
  resamples,
};
const name = ["frechet", values.model, values.set, "guidance", guidance].join("-");

const listed = set.members.filter(({ solver }) => guidance !== 1 || solver !== "iia-ddim-guided");
const bases = [...new Set(listed.map(({ base }) => base))];
const results = [];
for (const nfe of nfes) {
  for (const base of bases) {
    const members = listed.filter((one) => one.base === base);
    const steps = members[0].stepsFor(nfe);
    if (steps < 2) continue;
    const { grid, stepsFor } = members[0];
    const measured = [];
    for (const member of [{ base, grid, stepsFor }, ...members.filter(({ solver }) => solver)]) {
      const { rows, artifact } = await featuresOf(member, nfe);
      const found = await bootstrapFrechet(rows, features.reference, { resamples, strata });
      results.push({
        ...{ base, ...(artifact ? { member: memberLabel(member) } : {}), nfe, steps },
        ...short(interval(found)),
        ...(artifact ? { cost: artifact.cost, residual: averages(artifact).residual } : {}),
        ...(artifact ? { against: Object.fromEntries(measured.map((other) => between(found, other))) } : {}),
      });
      measured.push({ label: memberLabel(member), found });
      console.error(new Date().toISOString(), memberLabel(member), nfe, found.value.toFixed(3));
    }
    save(name, settings, results, tables(), inOneGo());
  }
}
for (const one of tables()) console.log(`${markdown(one)}\n`);
await features.close();
await model.close();

/** The difference to another cell, under its label. */
function between(found, { label, found: other }) {
  return [label, short(interval(difference(found, other)))];
}

function short({ value, standardError, low, high }) {
  return { value, standardError, low, high };
}

/** The options that ask for everything that is there by now. */
function inOneGo() {
  const asked = Object.entries(values).filter(([option]) => !["nfe", "resamples"].includes(option));
  return asked.flatMap(([option, value]) => [`--${option}`, value]);
}

function verdictOf({ low, high }) {
  if (low <= 0 && high >= 0) return "no difference seen";
  return high < 0 ? "better" : "worse";
}

/** The cells of one of the listed members, by NFE. */
function cellsOf(member) {
  const label = memberLabel(member);
  return results.filter((one) => one.member === label).toSorted((a, b) => a.nfe - b.nfe);
}

function tables() {
  const shown = listed.filter(({ solver }) => solver);
  const rows = shown.flatMap((member) =>
    cellsOf(member).map(({ base, member: label, nfe, value, against }) => {
      const gap = against[base];
      const text = `${gap.value.toFixed(2)} (${gap.low.toFixed(2)} … ${gap.high.toFixed(2)})`;
      return [
        base,
        label,
        String(nfe),
        (value - gap.value).toFixed(2),
        value.toFixed(2),
        text,
        verdictOf(gap),
      ];
    }),
  );
  return [
    {
      title: "",
      header: ["base", "member", "NFE", "of the base", "of IIA", "difference (95 %)", ""],
      rows,
    },
    summary(shown),
  ];
}

/** At which NFE a member is what, beside its base. */
function summary(shown) {
  const verdicts = ["better", "no difference seen", "worse"];
  const rows = shown.map((member) => {
    const own = cellsOf(member);
    const at = (wanted) =>
      own.filter(({ base, against }) => verdictOf(against[base]) === wanted).map(({ nfe }) => nfe);
    return [memberLabel(member), ...verdicts.map((one) => at(one).join(", ") || "–")];
  });
  return { title: "At which NFE a member's distance is", header: ["", ...verdicts], rows };
}
