// Pieces that the tables of docs/performance.md are made of.
import * as markdown from "../../markdown.mjs";

/** A Markdown table; columns of numbers are aligned to the right. */
export function table(header, rows) {
  const numeric = header.map((_, column) =>
    rows.every((row) => /^[-+≥≤<>]?[\d.,]+[%×]?( \(\d+%\))?$|^$|^–$/.test(row[column])),
  );
  return markdown.table(header, rows, (column) => numeric[column]);
}

/** The table of a bench's goals, with what this run reached. */
export function goalsTable(goals) {
  return table(
    ["goal", "bound", "value", "met"],
    goals.map(({ name, goal, value, met }) => [name, goal, significant(value), met ? "yes" : "**no**"]),
  );
}

export function significant(value, digits = 3) {
  return String(Number(value.toPrecision(digits)));
}
