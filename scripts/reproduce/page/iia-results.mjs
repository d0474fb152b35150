// What scripts/experiments/iia saved, as IIA's tables and claims look it up.
import { existsSync } from "node:fs";
import { savedExperiment } from "../saved.mjs";

/** Models whose residuals were measured. */
export const worlds = ["mixture", "digits", "garments"].filter((name) =>
  existsSync(new URL(`../../experiments/iia/results/residuals-${name}.json`, import.meta.url)),
);

/** "iia-edm 1", as the paper's rows are named in papers/iia.mjs. */
export const nameOf = ({ name, history, quantities }) => `${name} ${history ?? quantities ?? ""}`.trim();

/** Residuals of one model: (row, steps) => mean over the steps, of the base along its own path or of a member. */
export function residuals(model) {
  const { results } = savedExperiment(`iia/results/residuals-${model}`);
  return (row, steps, family, which = "residual") => {
    const found = results.find(
      (r) => r.steps === steps && (row === "base" ? r.solver.name === family : nameOf(r.solver) === row),
    );
    return row === "base" ? found?.[which === "fresh" ? "ownFreshBase" : "ownBase"] : found?.[which];
  };
}

/**
 * Fréchet distances of bases and members, {model, guidance, base, solver, options, nfe, plain, iia, low, high} (the last two
 * of iia − plain), of all models.
 * @param kind "ablation" for those by history and number of quantities
 */
export function frechetResults(kind = "") {
  return ["digits", "garments"].flatMap((model) =>
    [1, 2].flatMap((guidance) => {
      const name = ["frechet", model === "digits" ? "" : model, kind, "guidance", guidance];
      const saved = savedExperiment(`iia/results/${name.filter(Boolean).join("-")}`);
      return (saved?.results ?? []).map((result) => ({ ...result, model }));
    }),
  );
}

/** Both kinds, every member at every number of calls once, under the name of its row. */
export function allFrechet() {
  const all = [...frechetResults(), ...frechetResults("ablation")].map((result) => ({
    ...result,
    row: nameOf({ name: result.solver, ...result.options }),
  }));
  const key = ({ model, guidance, row, nfe }) => `${model} ${guidance} ${row} ${nfe}`;
  return [...new Map(all.map((result) => [key(result), result])).values()];
}

/** Residual or error with M sub-steps of IIA-EDM, on the mixture. */
export function substepResult(nfe, substeps) {
  const found = savedExperiment("iia/results/substeps")?.results ?? [];
  return found.find(
    (r) => r.solver.name === "iia-edm" && 2 * r.steps - 1 === nfe && r.settings.substeps === substeps,
  );
}
