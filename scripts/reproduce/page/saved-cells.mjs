// What is saved of a model, looked up for a table as it is defined now: a cell that another table measured, too, and a verdict
// on those of the saved comparisons that the claim asks for.
import { needsStatistics } from "../methods.mjs";
import { paperShows, rowsOf } from "../tables.mjs";
import { judgePairs } from "../verdict.mjs";

/** A saved block's guidance, which its title names. */
const guidanceOf = ({ title }) => Number(/guidance (\d+)/.exec(title)?.[1] ?? 1);

/**
 * A row's cell at a number of calls, undefined where none of the saved tables has it. That it is among the best is known
 * only of the block that it was measured in.
 */
export function savedCell(results, table, block, { method, grid, guidance }, nfe) {
  const { [table.id]: own, ...others } = results.tables;
  const found = [own, ...Object.values(others)].filter(Boolean).flatMap((saved) => {
    const column = saved.columns.indexOf(nfe);
    return saved.blocks
      .filter((one) => guidanceOf(one) === guidance)
      .flatMap(({ title, rows }) => {
        const cell = rows.find((row) => row.method === method && row.grid === grid)?.cells[column];
        const here = saved === own && title === block.title;
        return cell ? [here ? cell : { ...cell, best: false }] : [];
      });
  });
  return found.find(({ best }) => best) ?? found[0];
}

/** Whether a claim's name for a row means one and the same cell wherever the table has it. */
function meansOne(table, name) {
  const meant = table.blocks
    .flatMap(rowsOf)
    .filter(({ method, gridName }) => method === name || `${method} ${gridName}` === name)
    .map(({ method, grid, guidance }) => `${method} ${grid} ${guidance}`);
  return new Set(meant).size === 1;
}

/** Comparisons that were saved for a claim, or for others of its table where they can be no others. */
function comparisonsOf(saved, table, { text, below: [mine, others] }, metric) {
  const own = saved.find((claim) => claim.text === text)?.[metric]?.comparisons;
  if (own) return own;
  if (![mine, ...others].every((name) => meansOne(table, name))) return [];
  const all = saved.flatMap((claim) => claim[metric]?.comparisons ?? []);
  return [...new Map(all.map((one) => [`${one.nfe} ${one.mine} ${one.other}`, one])).values()];
}

/** The verdict on a claim of a table by a metric, from what is saved. */
export function savedVerdict({ metrics, results }, table, claim, metric) {
  const untestable = (why) => ({ verdict: "not testable here", why });
  if (claim.untestable) return untestable(claim.untestable);
  const saved = results.tables[table.id]?.claims ?? [];
  const own = saved.find(({ text }) => text === claim.text)?.[metric];
  if (claim.below) {
    const [mine, others] = claim.below;
    const shows = paperShows(table, claim);
    const pairs = comparisonsOf(saved, table, claim, metric).filter(
      (one) =>
        one.mine === mine &&
        others.includes(one.other) &&
        (claim.only ?? table.columns).includes(one.nfe) &&
        shows(one.mine, one.other, one.nfe),
    );
    if (pairs.length > 0) return judgePairs(pairs);
  }
  if (own && own.why !== "not measured") return own;
  return untestable((metrics[0] === "kl" && notOfMixtures(table, claim)) || "not measured");
}

/** Why a claim cannot be tested on a mixture in the plane, where it cannot. */
function notOfMixtures(table, { block, below, near, atMost }) {
  if (table.blocks[block ?? 0]?.guidance) return "guidance needs classes";
  const [mine, others] = below ?? near ?? [atMost[0], [atMost[2]]];
  const names = [mine, ...others];
  if (names.some((name) => needsStatistics(name.split(" ")[0])))
    return "DPM-Solver-v3's statistics are per element, which means little for two coordinates";
  return names.some((name) => name.includes("spectral")) ? "a spectrum needs images" : undefined;
}
