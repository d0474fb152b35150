// The sample sheets on the page.
import { existsSync } from "node:fs";

export function sampleSheets(models) {
  const found = models.filter(({ name }) =>
    existsSync(new URL(`../../../docs/images/results-${name}.png`, import.meta.url)),
  );
  if (found.length === 0) return [];
  return [
    "## Samples",
    "The same noises in every row and column; rows are methods, columns numbers of calls.",
    ...found.map(
      ({ name, results }) =>
        `![Samples of ${name}](images/results-${name}.png)\n\n${name}: ${results.sheet ?? ""}`,
    ),
  ];
}
