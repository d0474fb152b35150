// Results as they are saved, without the library: for the page and for tests.
import { existsSync, readFileSync } from "node:fs";

export const modelNames = ["digits", "garments", "mixture"];

/** What `--samples` is by itself. */
export const defaultSamples = 250;

/** Samples of the mixture, which cost next to nothing, for one of a network. */
const mixtureFactor = 16;

/** Samples a cell of a model, where `--samples` is this. */
export const samplesOf = (model, samples) => (model === "mixture" ? mixtureFactor * samples : samples);

/** The commands that made what is saved: models with the same `--samples` are of one. */
export function commandsOf(models) {
  const asked = ({ name, results }) => results.samples / samplesOf(name, 1);
  const counts = [...new Set(models.map(asked))];
  return counts.map((count) => {
    const names = models.filter((model) => asked(model) === count).map(({ name }) => name);
    const only = names.length === modelNames.length ? "" : names.map((name) => ` --model ${name}`).join("");
    return `node scripts/reproduce/all.mjs${only}${count === defaultSamples ? "" : ` --samples ${count}`}`;
  });
}

/**
 * That results of a model can be added to what is saved of it: as many samples, and the same weights where those are known.
 * @throws Error saying what differs
 */
export function requireSame(model, wanted, { replace = false } = {}) {
  const before = savedResults(model);
  if (replace || !before.metrics) return;
  const differs =
    before.samples !== wanted.samples
      ? `of ${before.samples} samples a cell, and ${wanted.samples} were asked for`
      : "hash" in wanted && before.hash !== wanted.hash
        ? "of other weights"
        : undefined;
  if (differs) throw new Error(`what is saved of ${model} is ${differs}: --replace drops all of it`);
}

export const resultsPath = (model) => new URL(`results/${model}.json`, import.meta.url);

/** What was saved of a model; empty where nothing was. */
export function savedResults(model) {
  const path = resultsPath(model);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { tables: {} };
}

export const ownPresetsPath = new URL("results/own-presets.json", import.meta.url);

/** What was measured of the bundled models' presets, by model. */
export const savedOwnPresets = () =>
  existsSync(ownPresetsPath) ? JSON.parse(readFileSync(ownPresetsPath, "utf8")) : {};

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
