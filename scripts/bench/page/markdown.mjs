// Pieces that the tables of docs/performance.md are made of.

/** A Markdown table; columns of numbers are aligned to the right. */
export function table(header, rows) {
  const numeric = header.map((_, column) =>
    rows.every((row) => /^[-+≥≤<>]?[\d.,]+[%×]?( \(\d+%\))?$|^$|^–$/.test(row[column])),
  );
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(numeric.map((right) => (right ? "---:" : "---"))), ...rows.map(line)].join("\n");
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
