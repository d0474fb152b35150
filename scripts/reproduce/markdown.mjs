// Tables of the page.
import { table as plainTable } from "../markdown.mjs";
import { rowsOf } from "./tables.mjs";

/** A table of words; with `numbers`, all columns but the first two are numbers. */
export const markdownTable = (head, rows, { numbers = false } = {}) =>
  plainTable(head, rows, (column) => numbers && column > 1);

/** Digits enough for the interval to show. */
const number = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);

export function cellText(cell, [first, second]) {
  if (!cell?.[first]) return "–";
  const [value, low, high] = cell[first];
  const main = `${number(value)} ± ${number((high - low) / 2)}`;
  const beside = cell[second] ? ` (${number(cell[second][0])})` : "";
  return `${cell.best ? `**${main}**` : main}${beside}`;
}

const paperText = (value) => (value === undefined || value === null ? "–" : String(value));

/**
 * A table in the paper's form: under every method a line of the paper's figures and one of each model's.
 * @param models {name, metrics, results} of those measured
 */
export function paperTable(table, models) {
  return table.blocks
    .map((block, b) => {
      const rows = rowsOf(block).flatMap((row) => {
        const paper =
          row.paper.length > 0
            ? [["", "paper", ...table.columns.map((_, i) => paperText(row.paper[i]))]]
            : [];
        const ours = models.flatMap(({ name, metrics, results }) => {
          const cells = savedRow(results, table, b, row)?.cells;
          return cells?.some(Boolean) ? [["", name, ...cells.map((cell) => cellText(cell, metrics))]] : [];
        });
        const [first, ...others] = [...paper, ...ours];
        return first ? [[row.label, ...first.slice(1)], ...others] : [];
      });
      if (rows.length === 0) return "";
      const title = table.blocks.length > 1 || block.guidance ? `**${block.title}**\n\n` : "";
      return `${title}${markdownTable(["Method", "", ...table.columns.map((nfe) => `NFE ${nfe}`)], rows, { numbers: true })}`;
    })
    .filter(Boolean)
    .join("\n\n");
}

const savedRow = (results, table, b, { method, grid }) =>
  results.tables[table.id]?.blocks[b]?.rows.find((row) => row.method === method && row.grid === grid);

/** "holds (better 20, alike 8)" */
export function verdictText(verdict) {
  if (!verdict) return "–";
  const counts = Object.entries(verdict.counts ?? {})
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${word} ${count}`)
    .join(", ");
  const why = verdict.why ? `: ${verdict.why}` : "";
  return `${verdict.verdict === "not testable here" ? "not testable" : verdict.verdict}${counts && ` (${counts})`}${why}`;
}

/**
 * A page, once it is sure that every number on it is one.
 * @throws Error with the first line that has none
 */
export function requireNumbers(page) {
  const wrong = page.split("\n").find((text) => /\b(NaN|Infinity|undefined)\b/.test(text));
  if (wrong !== undefined) throw new Error(`not a number: ${wrong}`);
  return page;
}
