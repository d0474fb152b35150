// Verdicts on the papers' claims, counted and listed.
import { markdownTable, verdictText } from "../markdown.mjs";
import { savedVerdict } from "./saved-cells.mjs";
import { timeVerdict } from "./time.mjs";

const verdicts = ["holds", "does not hold", "not testable here"];

/** Every claim of some tables with each model's verdicts by each metric. */
export function claimsOf(tables, models) {
  return tables.flatMap((table) =>
    table.claims.map((claim) => ({
      text: claim.text,
      beyond: claim.beyond ?? false,
      table: table.title.split(":")[0],
      verdicts: models.map((model) => {
        const { name, metrics } = model;
        if (claim.time) {
          const verdict = timeVerdict(claim, name);
          return { name, first: verdict, second: verdict };
        }
        const [first, second] = metrics.map((metric) => savedVerdict(model, table, claim, metric));
        return { name, first, second };
      }),
    })),
  );
}

/** The papers' own claims: what is asked beyond them has a verdict, and is not counted. */
const ofThePaper = (claims) => claims.filter(({ beyond }) => !beyond);

/** How often each verdict was given, by model: by the tables' metric, and by the error to the model's own trajectory. */
export function countTable(papers, models) {
  const count = (given, verdict) => `${given.filter((one) => one === verdict).length}`;
  const rows = papers
    .filter(({ claims }) => claims.length > 0)
    .flatMap(({ paper, claims }) =>
      models.map(({ name }) => {
        const of = (which) =>
          ofThePaper(claims).map(
            (claim) => claim.verdicts.find((one) => one.name === name)?.[which]?.verdict,
          );
        const [first, second] = [of("first"), of("second")];
        return [
          paper,
          name,
          ...verdicts.map((verdict) => `${count(first, verdict)} (${count(second, verdict)})`),
        ];
      }),
    );
  const others = papers
    .filter(({ more }) => more)
    .map(({ paper, more }) => [
      paper,
      "experiments",
      ...verdicts.map((verdict) =>
        count(
          ofThePaper(more).map((claim) => claim.verdict.verdict),
          verdict,
        ),
      ),
    ]);
  return markdownTable(["Paper", "Model", ...verdicts], [...rows, ...others]);
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

/** Claims in three lists, by the tables' metric over all models that could tell. */
export function inShort(papers) {
  const judged = papers.flatMap(({ paper, claims, more = [] }) => [
    ...ofThePaper(claims).map(({ text, verdicts: given }) => ({
      text: `${paper}: ${text}`,
      found: given.map(({ first }) => first?.verdict).filter(Boolean),
    })),
    ...ofThePaper(more).map(({ text, verdict }) => ({ text: `${paper}: ${text}`, found: [verdict.verdict] })),
  ]);
  const list = (title, wanted) => {
    const those = judged.filter(({ found }) => {
      const [yes, no] = [found.includes("holds"), found.includes("does not hold")];
      return wanted(yes, no);
    });
    return those.length === 0 ? [] : [`${title}\n\n${those.map(({ text }) => `- ${text}`).join("\n")}`];
  };
  return [
    ...list("Held wherever it could be told:", (yes, no) => yes && !no),
    ...list("Did not hold wherever it could be told:", (yes, no) => no && !yes),
    ...list("Held on some models and not on others:", (yes, no) => yes && no),
  ];
}
