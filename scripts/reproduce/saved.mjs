// Results as they are saved, without the library: for the page and for tests.
import { existsSync, readFileSync } from "node:fs";

export const modelNames = ["digits", "garments", "mixture"];

export const resultsPath = (model) => new URL(`results/${model}.json`, import.meta.url);

/** What was saved of a model; empty where nothing was. */
export function savedResults(model) {
  const path = resultsPath(model);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { tables: {} };
}

/** Saved results of every bundled model that was measured. */
export function measuredModels() {
  return modelNames
    .map((name) => ({ name, results: savedResults(name) }))
    .filter(({ results }) => results.metrics)
    .map(({ name, results }) => ({ name, metrics: results.metrics, results }));
}

/** What an experiment of another page saved. */
export function savedExperiment(path) {
  const file = new URL(`../experiments/${path}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
