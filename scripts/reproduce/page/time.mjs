// Generation time: the paper's, and the verdict on it from what `quench bench sample` saved. Model calls are the same in
// all methods of a table, so that what a solver does between them is all that differs; and the tables' own runs shared
// their machine with other work, so that their seconds say nothing of it.
import { readFileSync } from "node:fs";
import { markdownTable } from "../markdown.mjs";
import { rowsOf } from "../tables.mjs";

const bench = JSON.parse(readFileSync(new URL("../../bench/results/sample.json", import.meta.url), "utf8"));

const milliseconds = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

/**
 * "A takes no longer than B": judged by the solver's own arithmetic, which is all that differs. Holds where A's is no longer at
 * any size of a draw, does not hold where it is longer at all of them; whole draws, of which it is a small part, stand beside it.
 * @param claim `time` has the registry's names of both solvers, which the bench ran with default options
 */
export function timeVerdict({ time }, model) {
  if (model === "mixture")
    return { verdict: "not testable here", why: "evaluating the mixture takes no time" };
  const rows = bench.rows.filter((row) => row.model === model);
  const pairs = rows
    .filter(({ solver }) => solver === time[0])
    .flatMap((mine) => {
      const other = rows.find(({ solver, batch }) => solver === time[1] && batch === mine.batch);
      return other ? [{ batch: mine.batch, mine, other }] : [];
    });
  if (pairs.length === 0) return { verdict: "not testable here", why: "not measured" };
  const longer = pairs.filter(({ mine, other }) => mine.parts.solver > other.parts.solver).length;
  const each = (text) => pairs.map(text).join(", ");
  const arithmetic = each(
    ({ mine, other }) => `${milliseconds(mine.parts.solver)} against ${milliseconds(other.parts.solver)} ms`,
  );
  const shares = each(
    ({ mine, other }) =>
      `${((100 * (mine.parts.solver - other.parts.solver)) / other.draw.median).toFixed(1)} %`,
  );
  const whole = each(
    ({ mine, other }) => `${milliseconds(mine.draw.median)} against ${milliseconds(other.draw.median)} ms`,
  );
  return {
    verdict: longer === 0 ? "holds" : longer === pairs.length ? "does not hold" : "not testable here",
    why: `as printed, its own arithmetic takes ${arithmetic} in draws of ${each(({ batch }) => batch)}, which is ${shares} of a whole draw more; whole draws took ${whole}`,
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
