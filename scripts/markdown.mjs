// Markdown that scripts write: tables, and the places that pages keep for them.

/**
 * A table.
 * @param right whether the column of this index is aligned to the right; default: none
 */
export function table(head, rows, right = () => false) {
  const rule = head.map((_, column) => (right(column) ? "---:" : "---"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Text for a cell, which a bar would end. */
export function inCell(text) {
  return text.replaceAll("|", "\\|");
}

const place = /<!-- table: (.+?) -->[\s\S]*?<!-- \/table -->/g;

/**
 * A page with its tables written anew. A table's place is between `<!-- table: NAME -->` and `<!-- /table -->`.
 * @param textOf the text for a name, or undefined where the page's own stays
 */
export function withTables(page, textOf) {
  return page.replace(place, (before, name) => {
    const text = textOf(name);
    return text === undefined ? before : `<!-- table: ${name} -->\n\n${text}\n\n<!-- /table -->`;
  });
}

/**
 * The same for tables that all have to find their place.
 * @param tables { name: text }
 * @throws Error naming the first table that the page has no place for
 */
export function withAllTables(page, tables) {
  const missing = new Set(Object.keys(tables));
  const written = withTables(page, (name) => {
    missing.delete(name);
    return tables[name];
  });
  const [first] = missing;
  if (first !== undefined) throw new Error(`the page has no place for the table "${first}"`);
  return written;
}
