// What scripts/experiments/iia saved, as IIA's tables and claims look it up.
import { savedExperiment } from "../saved.mjs";

/** The models that have Fréchet distances. */
export const imageModels = ["digits", "garments"];

const saved = (name) => savedExperiment(`iia/results/${name}`);

/** Models whose residuals were measured. */
export const worlds = ["mixture", ...imageModels].filter((name) => saved(`residuals-${name}`));

/** "iia-edm 1", as the paper's rows are named in papers/iia.mjs. */
const nameOf = ({ name, history, quantities }) => `${name} ${history ?? quantities ?? ""}`.trim();

/** Residuals of one model: (row, steps) => mean over the steps, of the base along its own path or of a member. */
export function residuals(model) {
  const { results } = saved(`residuals-${model}`);
  return (row, steps, family, which = "residual") => {
    const found = results.find(
      (r) => r.steps === steps && (row === "base" ? r.solver.name === family : nameOf(r.solver) === row),
    );
    return row === "base" ? found?.[which === "fresh" ? "ownFreshBase" : "ownBase"] : found?.[which];
  };
}

/** "iia-edm, history 1", as a cell names a member, from "iia-edm 1", as papers/iia.mjs names its row. */
const labelOf = (row) =>
  row.replace(/(?<=^\S+) (\d)$/, row.startsWith("iia-ddim") ? ", quantities $1" : ", history $1");

/** What others know a cell by in `against`. */
export const frechetLabel = ({ base, member = base }) => member;

/**
 * One set of Fréchet distances of a model, cells as frechet.mjs saves them, {cells, nfes, find: (row, nfe) => cell}. A row is
 * named as in papers/iia.mjs, or by its label; "base" is the base of the set's only family. The set of all members has one
 * of each, and so its labels have no options.
 */
export function frechetCells(model, set, guidance = 1) {
  const { results } = saved(`frechet-${model}-${set}-guidance-${guidance}`) ?? { results: [] };
  const plain = (row) => (set === "members" ? row.replace(/ \d$/, "") : row);
  const isOf = (cell, row) =>
    cell.member === undefined ? row === "base" || row === cell.base : cell.member === labelOf(plain(row));
  const find = (row, nfe) => results.find((cell) => cell.nfe === nfe && isOf(cell, row));
  const nfes = [...new Set(results.map(({ nfe }) => nfe))].sort((a, b) => a - b);
  return { cells: results, find, nfes };
}

/** What a set's command was given, of a model that has it. */
export const frechetSettings = (model, set, guidance = 1) =>
  saved(`frechet-${model}-${set}-guidance-${guidance}`)?.settings;

/** Residual or error with M sub-steps of IIA-EDM, on the mixture. */
export function substepResult(nfe, substeps) {
  const found = saved("substeps")?.results ?? [];
  return found.find(
    (r) => r.solver.name === "iia-edm" && 2 * r.steps - 1 === nfe && r.settings.substeps === substeps,
  );
}

/** Seconds of draws of IIA-EDM and of EDM. */
export const timeResults = () => saved("time")?.results ?? [];
