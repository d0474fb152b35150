// Generation time: the paper's, and the verdict on it from what `quench bench sample` saved. Model calls are the same in
// all methods of a table, so that what a solver does between them is all that differs; and the tables' own runs shared
// their machine with other work, so that their seconds say nothing of it.
import { readFileSync } from "node:fs";
import { markdownTable } from "../markdown.mjs";
import { rowsOf } from "../tables.mjs";

const bench = JSON.parse(readFileSync(new URL("../../bench/results/sample.json", import.meta.url), "utf8"));

/**
 * "A takes no longer than B": holds where at no size of a draw A's own arithmetic is longer than B's by more than a share
 * of B's whole time.
 * @param claim `time` has the registry's names of both solvers, which the bench ran with default options
 */
export function timeVerdict({ time, share }, model) {
  if (model === "mixture")
    return { verdict: "not testable here", why: "evaluating the mixture takes no time" };
  const rows = bench.rows.filter((row) => row.model === model);
  const shares = rows
    .filter(({ solver }) => solver === time[0])
    .map((mine) => {
      const other = rows.find(({ solver, batch }) => solver === time[1] && batch === mine.batch);
      return { batch: mine.batch, more: (mine.parts.solver - other.parts.solver) / other.draw.median };
    });
  if (shares.length === 0) return { verdict: "not testable here", why: "not measured" };
  const batches = shares.map(({ batch }) => batch).join(", ");
  const found = shares.map(({ more }) => `${(100 * more).toFixed(1)} %`).join(", ");
  return {
    verdict: shares.every(({ more }) => more <= share) ? "holds" : "does not hold",
    why: `as printed, its own arithmetic takes ${found} of the whole time more in draws of ${batches} (${100 * share} % allowed)`,
  };
}

/** The paper's generation times of a table. */
export function timeTable(table) {
  const rows = Object.entries(table.times).map(([method, seconds]) => {
    const { label } = table.blocks.flatMap(rowsOf).find((row) => row.method === method);
    return [label, "paper, seconds", ...seconds.map(String)];
  });
  return markdownTable(["Method", "", ...table.columns.map((nfe) => `NFE ${nfe}`)], rows, { numbers: true });
}
