// From the choice tables of all models: which solver and schedule is best for a number of steps.
import { schedules, solverRequests, tables } from "./papers/choice.mjs";
import { measuredModels } from "./saved.mjs";

/** Schedules that must know the model's risk curve. */
const informed = new Set(["rescaled", "las"]);
const [{ columns }] = tables;

/** Cells of one model at one number of calls: {method, grid, value}. */
function candidates(results, column) {
  const found = results.tables.choice?.blocks ?? [];
  return found.flatMap(({ rows }) =>
    rows.flatMap(({ method, grid, cells }) => {
      const numbers = cells[column]?.fd;
      return numbers ? [{ method, grid, value: numbers[0] }] : [];
    }),
  );
}

/**
 * The pair whose Fréchet distance is, in the mean over the models of its logarithm, the least above each model's best.
 * @param models saved results of the models that were measured
 */
function bestOverModels(models, column, allowed) {
  const perModel = models.map((results) => candidates(results, column).filter(allowed));
  const scores = new Map();
  for (const cells of perModel) {
    const least = Math.min(...cells.map(({ value }) => value));
    for (const { method, grid, value } of cells) {
      const key = `${method} ${grid}`;
      const score = scores.get(key) ?? { method, grid, excess: 0, models: 0 };
      score.excess += Math.log(value / least) / perModel.length;
      score.models++;
      scores.set(key, score);
    }
  }
  const complete = [...scores.values()].filter(({ models: count }) => count === perModel.length);
  return complete.toSorted((a, b) => a.excess - b.excess)[0];
}

/** LAS's c of a method, where every model's pilot found the same. */
function commonAxis(models, method) {
  const axes = new Set(models.map(({ las }) => las?.[method]?.axis));
  return axes.size === 1 ? [...axes][0] : undefined;
}

/**
 * What `quench sample` takes by itself.
 * @param models saved results of the models that were measured
 * @returns {steps, uninformed, informed}: solver and schedule without and with a risk curve; what is not measured is the
 * library's own default
 */
export function choices(models) {
  const measured = columns.flatMap((steps, column) => {
    const named = (allowed) => {
      const best = bestOverModels(models, column, allowed);
      if (!best) return undefined;
      const { method, grid } = best;
      const axis = grid === "las" ? { axis: commonAxis(models, method) } : {};
      return { solver: solverRequests[method], schedule: schedules[grid], ...axis };
    };
    const uninformed = named(({ grid }) => !informed.has(grid));
    const withRisk = named(({ method, grid }) => grid !== "las" || commonAxis(models, method) !== undefined);
    return uninformed && withRisk ? [{ steps, uninformed, informed: withRisk }] : [];
  });
  const own = { solver: { name: "dpm-solver++-2m" }, schedule: "log-snr" };
  return measured.length > 0 ? measured : [{ steps: 20, uninformed: own, informed: own }];
}

/** The choices over the networks whose results are saved. */
export function savedChoices() {
  const networks = measuredModels().filter(({ metrics }) => metrics[0] === "fd");
  return choices(networks.map(({ results }) => results).filter(({ tables: made }) => made.choice));
}
