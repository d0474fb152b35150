/** A Markdown table; `right` says which columns are aligned to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right?: (column: number) => boolean,
): string;
/** Text for a cell, which a bar would end. */
export function inCell(text: string): string;
/** A page with these tables, by name, at the places it keeps for them. */
export function withAllTables(page: string, tables: Readonly<Record<string, string>>): string;
