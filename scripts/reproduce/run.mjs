// Measures the cells of tables through lib/evaluate and keeps what the page needs in results/MODEL.json.
import { mkdirSync } from "node:fs";
import { evaluate } from "../../dist/evaluate/index.js";
import { writeFileAtomic } from "../../dist/io/index.js";
import { gridOf, needsStatistics, solverOf } from "./methods.mjs";
import { requireSame, resultsPath, savedResults } from "./saved.mjs";
import { cellsOf, fillTable } from "./tables.mjs";

/**
 * Adds to what is saved of a model. Results of other weights or another number of samples are not mixed with it.
 * @param replace whether such results are dropped
 * @param change (results) => changed results
 * @throws Error where they are not
 */
export async function saveResults(model, { hash, samples, metrics, replace }, change) {
  requireSame(model, { hash, samples }, { replace });
  const before = savedResults(model);
  const same = before.hash === hash && before.samples === samples;
  const kept = same ? before : { tables: {} };
  const date = new Date().toISOString().slice(0, 7);
  const changed = change({ ...kept, model, hash, metrics, samples, seed: 0, date });
  mkdirSync(new URL("results/", import.meta.url), { recursive: true });
  await writeFileAtomic(resultsPath(model).pathname, `${JSON.stringify(changed, null, 1)}\n`);
}

/**
 * @param wanted {name, method, grid, guidance, nfe: [...]} as `cellsOf` makes them
 * @param settings {samples, seeds, calls, workers, replicates, out, axis: c of LAS by method}
 * @returns finished cells by `${name} at ${calls}`
 */
export async function measure(subject, wanted, settings) {
  const { samples, seeds = [0], calls, workers, replicates, out, axis = {} } = settings;
  const known = ({ method, grid }) =>
    (subject.statistics || !needsStatistics(method)) &&
    (grid !== "las" || axis[method] !== undefined) &&
    (!grid.startsWith("spectral") || subject.about.risk.spectrum !== undefined);
  const possible = wanted
    .filter(known)
    .map((one) => ({ ...one, nfe: one.nfe.filter((count) => calls?.includes(count) ?? true) }))
    .filter(({ nfe }) => nfe.length > 0);
  if (possible.length === 0) return new Map();
  const methods = possible.map(({ name, method, grid, guidance, nfe }) => ({
    name,
    solver: solverOf(method, subject.statistics),
    grid: gridOf(grid, { ...subject.about, axis: axis[method] }),
    ...(guidance === 1 ? {} : { guidance }),
    nfe,
  }));
  const begun = performance.now();
  const { cells, failed } = await evaluate(subject.model, {
    methods,
    samples,
    seeds,
    metrics: subject.metrics,
    replicates,
    out,
    workers,
    onProgress: ({ cells: count, rows, ended }) => {
      if (!ended || ended.reused) return;
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      const found =
        ended.error?.message ?? Object.values(ended.metrics).map(({ value }) => value.toPrecision(4));
      process.stderr.write(
        `${count.done}/${count.total} cells, ${rows.done}/${rows.total} rows, ${seconds} s: ${ended.method} at ${ended.column.count}: ${found}\n`,
      );
    },
  });
  for (const { method, column, error } of failed)
    process.stderr.write(`failed: ${method} at ${column.count}: ${error.message}\n`);
  return new Map(cells.map((cell) => [`${cell.method} at ${cell.column.count}`, cell]));
}

/** Of a run's settings what `saveResults` looks at. */
export const savedWith = ({ samples, replace }) => ({ samples, replace });

/** Measures a paper's tables one after the other, saving each as it is finished. */
export async function reproduce(name, subject, tables, settings) {
  for (const table of tables) {
    process.stderr.write(`${name}: ${table.title}\n`);
    const wanted = cellsOf(table, subject);
    const cells = await measure(subject, wanted, settings);
    const filled = fillTable(table, cells, subject);
    await saveResults(name, { ...subject, ...savedWith(settings) }, (results) => ({
      ...results,
      tables: { ...results.tables, [table.id]: filled },
    }));
  }
}
