// Tables of the page.
import { table as plainTable } from "../markdown.mjs";
import { savedCell } from "./page/saved-cells.mjs";
import { paperLines, rowsOf } from "./tables.mjs";

/** A table of words; with `numbers`, all columns but the first two are numbers. */
export const markdownTable = (head, rows, { numbers = false } = {}) =>
  plainTable(head, rows, (column) => numbers && column > 1);

/** Digits enough for the interval to show. */
const number = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);

/** @param asked calls that the cell's column is of: where a method made others, the cell says how many */
export function cellText(cell, [first, second], asked = cell?.nfe) {
  if (!cell?.[first]) return "–";
  const [value, low, high] = cell[first];
  const main = `${number(value)} ± ${number((high - low) / 2)}`;
  const beside = cell[second] ? ` (${number(cell[second][0])})` : "";
  const made = cell.nfe === asked ? "" : ` [${cell.nfe}]`;
  return `${cell.best ? `**${main}**` : main}${beside}${made}`;
}

const paperText = (value) => (value === undefined || value === null ? "–" : String(value));

/**
 * A table in the paper's form: under every method the paper's lines and one of each model's.
 * @param models {name, metrics, results} of those measured
 */
export function paperTable(table, models) {
  return table.blocks
    .map((block) => {
      const rows = rowsOf(block).flatMap((row) => {
        const paper = paperLines(table, row).map(({ label, figures }) => [
          "",
          label,
          ...table.columns.map((_, i) => paperText(figures[i])),
        ]);
        const ours = models.flatMap(({ name, metrics, results }) => {
          const cells = table.columns.map((nfe) => savedCell(results, table, block, row, nfe));
          return cells.some(Boolean)
            ? [["", name, ...cells.map((cell, i) => cellText(cell, metrics, table.columns[i]))]]
            : [];
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
