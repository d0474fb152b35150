// The tuned preset against fixed choices of solver and grid at equal calls, on seeds that the search has not seen: Fréchet
// distance and error to the model's own accurate trajectories, with paired bootstrap intervals of the differences.
//
//   npm run build:lib && node scripts/experiments/tune/against-fixed.mjs digits|garments|mixture [--nfe 4,5,6,8,10,12]
//     [--samples 500] [--budget ROWS] [--space data|features] [--guidance G] [--decided-by metric|error]
//
// Presets are kept in results/presets/, all that make no more calls take part in a search, and one that was searched with
// another --budget is refused. Cells are kept in the results: the same command goes on after a kill, and one with more
// --samples draws these of the choices only that fewer have not told from the preset.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readNpz, sample, tunePreset, writeNpz } from "../../../dist/index.js";
import { bootstrapFrechet, bootstrapMean, difference, interval } from "../../../dist/metrics/index.js";
import { commandLine, savedResults, saveResults } from "../common.mjs";
import { measuredChoices, unmeasuredChoices } from "./choices.mjs";
import { drawAll, subject } from "./common.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nfe: { type: "string", default: "4,5,6,8,10,12" },
    samples: { type: "string", default: "500" },
    errors: { type: "string", default: "200" },
    budget: { type: "string" },
    space: { type: "string", default: "data" },
    guidance: { type: "string" },
    "decided-by": { type: "string" },
  },
});
const [name = "digits"] = positionals;
const calls = values.nfe.split(",").map(Number);
const [samples, errors] = [Number(values.samples), Number(values.errors)];
const { budget, space, guidance } = values;
// In the plane everything with nearly the true mean and covariance is level in the metric.
const decidedBy = values["decided-by"] ?? (name === "mixture" ? "error" : "metric");
const result = [
  name,
  ...(guidance ? [`guidance-${guidance}`] : []),
  ...(space === "data" ? [] : [space]),
  ...(name !== "mixture" && decidedBy === "error" ? ["error"] : []),
].join("-");
/** A choice is given up after so many samples where its Fréchet distance is by so much behind, beyond noise. */
const heats = (
  name === "mixture"
    ? [{ count: 100, hopeless: 0.3 }]
    : [
        { count: 100, hopeless: 1 },
        { count: 500, hopeless: 0.1 },
        { count: 4000, hopeless: 0 },
      ]
).filter(({ count }) => count < samples);
/** Seed of the draws; the search has 7007 and 7008. */
const seed = 20_261;
const one = await subject(name);
const { denoiser, judge, risk } = one;
const guided = guidance ? { guidance: Number(guidance) } : {};

const settings = {
  errors,
  seed,
  model: { name: denoiser.name, sha256: denoiser.hash },
  space,
  guidance,
};
const before = savedResults(result);
const cells = before && JSON.stringify(before.settings) === JSON.stringify(settings) ? before.cells : [];
const write = () => saveResults(result, { settings, cells });

const presets = new URL(`./results/presets/${result}/`, import.meta.url);
mkdirSync(presets, { recursive: true });
const fileOf = (nfe) => new URL(`nfe-${nfe}.json`, presets);
function savedPreset(nfe) {
  return existsSync(fileOf(nfe)) ? JSON.parse(readFileSync(fileOf(nfe), "utf8")) : undefined;
}
function savedPresets() {
  const numbers = readdirSync(presets).map((file) => /^nfe-(\d+)\.json$/.exec(file)?.[1]);
  return numbers
    .filter(Boolean)
    .map(Number)
    .sort((a, b) => a - b)
    .map(savedPreset);
}
for (const nfe of budget ? calls : []) {
  const { tuning } = savedPreset(nfe) ?? {};
  if (!tuning || tuning.budget === Number(budget)) continue;
  throw new Error(
    `${fileOf(nfe).pathname} was searched with --budget ${tuning.budget}, not ${budget}: remove it to search anew`,
  );
}

async function presetFor(nfe) {
  const saved = savedPreset(nfe);
  if (saved) return saved;
  const preset = await tunePreset(denoiser, {
    ...{ nfe, space, ...guided },
    ...(decidedBy === "error" ? {} : { judge }),
    ...(risk ? { risk } : {}),
    ...(budget ? { budget: { rows: Number(budget) } } : {}),
    presets: savedPresets().filter((preset) => preset.nfe <= nfe),
    checkpoint: new URL(`.nfe-${nfe}.json.checkpoint`, presets).pathname,
  });
  writeFileSync(fileOf(nfe), `${JSON.stringify(preset)}\n`);
  return preset;
}

/** Ends of so many accurate trajectories: the Fréchet distance that no solver's error adds to. Kept for the next run. */
const trajectories = Math.min(samples, 4000);
const kept = new URL(`.accurate-${seed}-${trajectories}.npz`, presets).pathname;
const accurate = await (async () => {
  if (existsSync(kept)) {
    const arrays = await readNpz(kept);
    return { data: arrays.get("data").data, features: arrays.get("features").data };
  }
  const request = {
    ...guided,
    solver: "dpm-solver++-3m",
    steps: 40,
    grid: { schedule: "edm", final: "zero" },
  };
  const { data, features } = await drawAll(one, sample, request, seed, trajectories);
  await writeNpz(kept, {
    data: { data, shape: [data.length] },
    features: { data: features, shape: [features.length] },
  });
  return { data, features };
})();
const size = denoiser.shape.reduce((a, b) => a * b, 1);

/** The classes of the first samples, where there are classes. */
function classesOf(count) {
  return one.labels && Array.from({ length: count }, (_, i) => one.labels[i % one.labels.length]);
}

/** What is measured of a request's first samples; undefined where it diverges. */
async function measure(request, count = samples) {
  const drawn = await drawAll(one, sample, { ...guided, ...request }, seed, count).catch((error) => {
    if (error.code !== "MODEL_FAILED" && error.code !== "INVALID_ARGUMENT") throw error;
    return undefined;
  });
  return drawn?.data.every(Number.isFinite) ? scored(drawn, count) : undefined;
}

/** Of as many samples as it takes to see that a request is far behind, or of all. */
async function measuredInHeats(request, tunedAt) {
  for (const { count, hopeless } of heats) {
    const found = await measure(request, count);
    const gap = found && interval(difference(found.frechet, tunedAt.get(count).frechet));
    if (!found || gap.low >= hopeless) return found;
  }
  return measure(request);
}

async function scored({ data, features, nfe }, count) {
  const first = features.subarray(0, count * judge.dimension);
  const strata = classesOf(count);
  return {
    ...{ nfe, count, data, features },
    frechet: await bootstrapFrechet(first, judge.reference, { seed: 1, strata }),
    rmse: rootMeanSquare(data, accurate.data, size, count),
    featureRmse: rootMeanSquare(features, accurate.features, judge.dimension, count),
  };
}

/** Of the first samples' errors, with its bootstrap. */
function rootMeanSquare(values, exact, size, count) {
  const squares = Array.from({ length: Math.min(errors, count) }, (_, row) => {
    let sum = 0;
    for (let i = row * size; i < (row + 1) * size; i++) sum += (values[i] - exact[i]) ** 2;
    return sum / size;
  });
  const { value, replicates } = bootstrapMean(squares, { seed: 1 });
  return { value: Math.sqrt(value), replicates: replicates.map(Math.sqrt) };
}

const choices = { ...unmeasuredChoices(one), ...measuredChoices(one) };
const rowOf = ({ fixed }, title) => fixed.find((row) => row.title === title);

const short = ({ value, low, high, beyondNoise }) => ({ value, low, high, beyondNoise });
const limit = await bootstrapFrechet(accurate.features, judge.reference, {
  seed: 1,
  strata: classesOf(trajectories),
});
for (const nfe of calls) {
  const known = cells.findIndex(({ asked }) => asked === nfe);
  const earlier = cells[known];
  const complete = earlier && Object.keys(choices).every((title) => rowOf(earlier, title));
  if (complete && earlier.samples >= samples) continue;
  if (earlier?.samples > samples)
    throw new Error(`${nfe} calls were drawn with --samples ${earlier.samples}`);
  const preset = await presetFor(nfe);
  const tuned = await measure({ preset });
  const [{ origin }] = preset.tuning.finalists;
  console.log(nfe, "tuned", tuned.frechet.value.toFixed(3), tuned.rmse.value.toFixed(4), origin);
  /** The preset's first samples, by their number: every choice is compared with as many. */
  const tunedAt = new Map([[samples, tuned]]);
  for (const { count } of heats) tunedAt.set(count, await scored(tuned, count));
  if (!tunedAt.has(trajectories)) tunedAt.set(trajectories, await scored(tuned, trajectories));
  const rows = [];
  for (const [title, { solver, grid, calls: stepsFor = (n) => n }] of Object.entries(choices)) {
    const last = earlier && rowOf(earlier, title);
    // Drawn as often as the preset already, or told from it on fewer.
    if (last && (last.samples === samples || !(last.frechetBehind?.low <= 0))) {
      rows.push(last);
      continue;
    }
    const request = { solver, grid, steps: stepsFor(nfe) };
    const found = last ? await measure(request) : await measuredInHeats(request, tunedAt);
    const beside = found && tunedAt.get(found.count);
    const row = found
      ? {
          title,
          nfe: found.nfe,
          samples: found.count,
          frechet: short(interval(found.frechet)),
          rmse: short(interval(found.rmse)),
          featureRmse: found.featureRmse.value,
          frechetBehind: short(interval(difference(found.frechet, beside.frechet))),
          rmseBehind: short(interval(difference(found.rmse, beside.rmse))),
        }
      : { title, nfe, diverges: true };
    rows.push(row);
    console.log(
      nfe,
      title,
      found ? `${found.frechet.value.toFixed(3)} ${found.rmse.value.toFixed(4)}` : "diverges",
    );
  }
  const cell = {
    asked: nfe,
    samples,
    command: commandLine(),
    tuned: {
      origin,
      nfe: tuned.nfe,
      cost: preset.tuning.cost,
      frechet: short(interval(tuned.frechet)),
      rmse: short(interval(tuned.rmse)),
      featureRmse: tuned.featureRmse.value,
    },
    limit: {
      ...short(interval(limit)),
      samples: trajectories,
      behind: short(interval(difference(limit, tunedAt.get(trajectories).frechet))),
    },
    fixed: rows,
  };
  cells.splice(known < 0 ? cells.length : known, 1, cell);
  write();
}
await judge.close();
await denoiser.close();
