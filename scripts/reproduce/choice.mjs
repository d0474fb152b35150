// From the choice tables of all models: which solver and schedule is best for a number of steps.
import { schedules, solverNames, tables } from "./papers/choice.mjs";

/** Schedules that must know the model's risk curve. */
const informed = new Set(["rescaled", "las"]);
const [{ columns }] = tables;

/** Cells of one model at one number of calls: {method, grid, value, low, high, best}. */
export function candidates(results, column) {
  const found = results.tables.choice?.blocks ?? [];
  return found.flatMap(({ rows }) =>
    rows.flatMap(({ method, grid, cells }) => {
      const numbers = cells[column]?.fd;
      return numbers ? [{ method, grid, value: numbers[0], half: (numbers[2] - numbers[1]) / 2 }] : [];
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
  return complete.sort((a, b) => a.excess - b.excess)[0];
}

/** @returns {steps, uninformed, informed}: solver and schedule without and with a risk curve */
export function choices(models) {
  return columns.flatMap((steps, column) => {
    const named = (allowed) => {
      const best = bestOverModels(models, column, allowed);
      return (
        best && { solver: solverNames[best.method], schedule: schedules[best.grid], excess: best.excess }
      );
    };
    const uninformed = named(({ grid }) => !informed.has(grid));
    const withRisk = named(() => true);
    return uninformed && withRisk ? [{ steps, uninformed, informed: withRisk }] : [];
  });
}
