// Verdicts on the papers' claims, counted and listed.
import { markdownTable, verdictText } from "../markdown.mjs";

const verdicts = ["holds", "does not hold", "not testable here"];

/** Every claim of some tables with each model's verdicts by each metric. */
export function claimsOf(tables, models) {
  return tables.flatMap((table) =>
    table.claims.map((claim) => ({
      text: claim.text,
      table: table.title.split(":")[0],
      verdicts: models.map(({ name, metrics, results }) => {
        const found = results.tables[table.id]?.claims.find(({ text }) => text === claim.text);
        return { name, first: found?.[metrics[0]], second: found?.[metrics[1]] };
      }),
    })),
  );
}

/** How often each verdict was given, by model. */
export function countTable(papers, models) {
  const rows = papers.flatMap(({ paper, claims }) =>
    models.map(({ name }) => {
      const given = claims.map((claim) => claim.verdicts.find((one) => one.name === name)?.first?.verdict);
      return [paper, name, ...verdicts.map((verdict) => `${given.filter((one) => one === verdict).length}`)];
    }),
  );
  return markdownTable(["Paper", "Model", ...verdicts], rows);
}

export function claimTable(claims, models) {
  const rows = claims.map(({ text, table, verdicts: given }) => [
    `${text} (${table})`,
    ...models.map(({ name }) => {
      const { first, second } = given.find((one) => one.name === name) ?? {};
      const both = first?.counts && second?.counts;
      return both ? `${verdictText(first)}; by RMSE ${verdictText(second)}` : verdictText(first);
    }),
  ]);
  return markdownTable(["Claim", ...models.map(({ name }) => name)], rows);
}

/** Claims judged on an experiment's results, of no one model. */
export function experimentClaims(claims) {
  return markdownTable(
    ["Claim", "Verdict"],
    claims.map(({ text, verdict }) => [text, verdictText(verdict)]),
  );
}
