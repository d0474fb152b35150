/** A Markdown table. Inside a cell a bar would end it: see {@link inCell}. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

export function inCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
