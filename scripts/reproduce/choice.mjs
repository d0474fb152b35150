// From the choice tables of all models: which solver and schedule is best for a number of steps.
import { informed, schedules, solverName, tables } from "./papers/choice.mjs";
import { measuredModels } from "./saved.mjs";

const [{ columns }] = tables;

/** Cells of one model at one number of calls: {method, grid, rmse, leads}. */
function candidates(results, column, flag) {
  const found = results.tables.choice?.blocks ?? [];
  return found.flatMap(({ rows }) =>
    rows.flatMap(({ method, grid, cells }) => {
      const cell = cells[column];
      return cell?.fd ? [{ method, grid, rmse: cell.rmse[0], leads: cell[flag] === true }] : [];
    }),
  );
}

/**
 * Of the pairs that no model's Fréchet distance tells from its best, the one nearest to the models' own trajectories: least
 * mean logarithm of the RMSE. Where the models share no leader, the one of the least RMSE among those that lead on most of them.
 * @param flag what marks a model's leaders
 */
function bestOverModels(models, column, flag, allowed) {
  const scores = new Map();
  for (const results of models) {
    for (const { method, grid, rmse, leads } of candidates(results, column, flag).filter(allowed)) {
      const key = `${method} ${grid}`;
      const score = scores.get(key) ?? { method, grid, leads: 0, models: 0, error: 0 };
      scores.set(key, {
        ...score,
        leads: score.leads + (leads ? 1 : 0),
        models: score.models + 1,
        error: score.error + Math.log(rmse) / models.length,
      });
    }
  }
  return [...scores.values()]
    .filter(({ models: count }) => count === models.length)
    .toSorted((a, b) => b.leads - a.leads || a.error - b.error)[0];
}

/** LAS's c of a method as a model's pilot found it. */
export const axisOf = ({ las }, method) => (las?.[method] ?? las?.["dpm++2m"])?.axis;

/** LAS's c of a method, where every model's pilot found the same. */
function commonAxis(models, method) {
  const axes = new Set(models.map((results) => axisOf(results, method)));
  return axes.size === 1 ? [...axes][0] : undefined;
}

/**
 * What `quench sample` takes by itself.
 * @param models saved results of the models that were measured
 * @returns {steps, uninformed, informed}: solver, schedule and LAS's c without and with a risk curve; what is not measured is the
 * library's own default
 */
export function choices(models) {
  const measured = columns.flatMap((steps, column) => {
    const named = (flag, allowed) => {
      const best = bestOverModels(models, column, flag, allowed);
      if (!best) return undefined;
      const { method, grid } = best;
      const axis = grid === "las" ? [commonAxis(models, method)] : [];
      return [solverName(method), schedules[grid], ...axis];
    };
    const uninformed = named("bestUninformed", ({ grid }) => !informed.has(grid));
    const withRisk = named(
      "best",
      ({ method, grid }) => grid !== "las" || commonAxis(models, method) !== undefined,
    );
    return uninformed && withRisk ? [{ steps, uninformed, informed: withRisk }] : [];
  });
  const own = ["dpm-solver++-2m", "log-snr"];
  return measured.length > 0 ? measured : [{ steps: 20, uninformed: own, informed: own }];
}

/** The choices over the networks whose results are saved. */
export function savedChoices() {
  const networks = measuredModels().filter(({ metrics }) => metrics[0] === "fd");
  return choices(networks.map(({ results }) => results).filter(({ tables: made }) => made.choice));
}
