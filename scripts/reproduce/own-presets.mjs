// What `quench sample` takes by itself of a bundled model, its presets, against the pairs of solver and grid that its choice
// table has lowest and those that other models get, on a seed that neither the tables nor the searches have seen.
//
//   npm run build:lib && node scripts/reproduce/own-presets.mjs [--model digits] [--samples 1000] [--out FOLDER] [--workers 2]
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { evaluate } from "../../dist/evaluate/index.js";
import { readJson, riskSchema } from "../../dist/index.js";
import { fileHash } from "../../dist/io/file-hash.js";
import { writeFileAtomic } from "../../dist/io/index.js";
import { schedules as library } from "../../dist/schedule/index.js";
import { axisOf, savedChoices } from "./choice.mjs";
import { writePage } from "./page.mjs";
import { schedules, solverName, tables } from "./papers/choice.mjs";
import { ownPresetsPath, savedOwnPresets, savedResults } from "./saved.mjs";
import { gap, rounded, threshold } from "./verdict.mjs";

const { values } = parseArgs({
  options: {
    model: { type: "string", multiple: true, default: ["digits", "garments"] },
    samples: { type: "string", default: "1000" },
    out: { type: "string", default: fileURLToPath(new URL("../../build/own-presets", import.meta.url)) },
    workers: { type: "string", default: "2" },
  },
});
const [table] = tables;
const seed = 41;
/** Pairs of the choice table that are measured beside a preset. */
const lowest = 4;
const samples = Number(values.samples);

const folderOf = (name) => fileURLToPath(new URL(`../../models/${name}`, import.meta.url));
const presetName = (nfe) => `preset for ${nfe} calls`;
const presetOf = (name, nfe) => join(folderOf(name), "presets", `nfe-${nfe}.json`);

/** [solver, schedule, LAS's c] of the pairs that are measured at a number of calls. */
function rivals(results, nfe) {
  const column = table.columns.indexOf(nfe);
  const rows = results.tables.choice.blocks.flatMap((block) => block.rows);
  const best = rows
    .filter(({ cells }) => cells[column]?.fd)
    .toSorted((a, b) => a.cells[column].fd[0] - b.cells[column].fd[0])
    .slice(0, lowest)
    .map(({ method, grid }) => [
      solverName(method),
      schedules[grid],
      ...(grid === "las" ? [axisOf(results, method)] : []),
    ]);
  const { uninformed, informed } = savedChoices().find(({ steps }) => steps === nfe);
  const all = [...best, uninformed, informed];
  return [...new Map(all.map((pair) => [pair.join(", "), pair])).values()];
}

async function measure(name) {
  const results = savedResults(name);
  const risk = await readJson(join(folderOf(name), "risk.json"), riskSchema);
  const pairs = new Map();
  for (const nfe of table.columns)
    for (const pair of rivals(results, nfe)) {
      const known = pairs.get(pair.join(", ")) ?? { pair, nfe: [] };
      pairs.set(pair.join(", "), { pair, nfe: [...known.nfe, nfe] });
    }
  const methods = [...pairs].map(([title, { pair, nfe }]) => {
    const [solver, schedule, axis] = pair;
    const informed = library[schedule].options.includes("risk");
    const grid = { schedule, ...(informed ? { risk } : {}), ...(axis === undefined ? {} : { axis }) };
    return { name: title, solver, grid, nfe };
  });
  // What was found best in so many calls may take fewer: each is a method of its own.
  const presets = table.columns
    .filter((nfe) => existsSync(presetOf(name, nfe)))
    .map((nfe) => ({ name: presetName(nfe), presets: [presetOf(name, nfe)] }));
  const { cells, failed } = await evaluate(folderOf(name), {
    methods: [...methods, ...presets],
    ...{ samples, seeds: [seed], metrics: ["fd"], replicates: 400 },
    ...{ out: join(values.out, name), workers: Number(values.workers) },
    onProgress: ({ cells: count, ended }) => {
      if (ended) process.stderr.write(`${name}: ${count.done}/${count.total} cells\n`);
    },
  });
  for (const { method, error } of failed) throw new Error(`${name}, ${method}: ${error.message}`);
  const columns = [];
  for (const nfe of table.columns) {
    const own = cells.find(({ method }) => method === presetName(nfe));
    const others = cells.filter(({ method, column }) => pairs.has(method) && column.count === nfe);
    if (own) columns.push({ nfe, sha256: await fileHash(presetOf(name, nfe)), ...columnOf(own, others) });
  }
  const date = new Date().toISOString().slice(0, 7);
  return { hash: results.hash, samples, seed, date, columns };
}

const score = ({ metrics }) => ["value", "low", "high"].map((key) => rounded(metrics.fd[key]));

function columnOf(own, others) {
  return {
    preset: score(own),
    rivals: others.map((cell) => {
      const { value, standardError } = gap(cell, own, "fd");
      const reach = threshold(1) * standardError;
      return {
        pair: cell.method,
        fd: score(cell),
        behind: [value, value - reach, value + reach].map(rounded),
      };
    }),
  };
}

for (const name of values.model) {
  const measured = await measure(name);
  const saved = { ...savedOwnPresets(), [name]: measured };
  await writeFileAtomic(fileURLToPath(ownPresetsPath), `${JSON.stringify(saved, null, 1)}\n`);
}
writePage();
