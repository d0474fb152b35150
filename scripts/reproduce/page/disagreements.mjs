// Where the Fréchet distance and the error to the model's own trajectory rank two methods differently.
import { markdownTable } from "../markdown.mjs";

/** Pairs of cells that both metrics decide, counted over all tables, each pair of methods once per grid and number of calls. */
export function disagreementsOf({ results }) {
  const seen = new Map();
  for (const [id, table] of Object.entries(results.tables)) {
    for (const { title, disagreements } of table.blocks ?? []) {
      for (const { nfe, agree, by } of disagreements ?? [])
        seen.set(`${id} ${title} ${nfe} ${by.toSorted()}`, { agree, by, nfe });
    }
  }
  return [...seen.values()];
}

export function disagreementTable(model) {
  const decided = disagreementsOf(model);
  const pairs = new Map();
  for (const { agree, by, nfe } of decided) {
    if (agree) continue;
    const key = by.join(" | ");
    pairs.set(key, { by, calls: [...(pairs.get(key)?.calls ?? []), nfe] });
  }
  const rows = [...pairs.values()]
    .sort((a, b) => b.calls.length - a.calls.length)
    .map(({ by: [lower, higher], calls }) => [
      lower,
      higher,
      [...new Set(calls)].sort((a, b) => a - b).join(", "),
    ]);
  const against = decided.filter(({ agree }) => !agree).length;
  return {
    decided: decided.length,
    against,
    table: rows.length === 0 ? "" : markdownTable(["Lower Fréchet distance", "Lower RMSE", "Calls"], rows),
  };
}
