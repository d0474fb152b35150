// Writes docs/results.md from what is saved. Run by every command here; by itself: node scripts/reproduce/page.mjs
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { savedChoices } from "./choice.mjs";
import { paperTable, requireNumbers } from "./markdown.mjs";
import { defaultsTable, leadersInWords, leaderTable, processesInWords } from "./page/choice.mjs";
import { disagreementTable } from "./page/disagreements.mjs";
import { klPlots, lasToys } from "./page/experiments.mjs";
import { iiaTables } from "./page/iia.mjs";
import { ownPresetsTables } from "./page/own-presets.mjs";
import { sampleSheets } from "./page/pictures.mjs";
import { summary } from "./page/summary.mjs";
import { timeTable } from "./page/time.mjs";
import { claimsOf, claimTable, countTable, experimentClaims, inShort } from "./page/verdicts.mjs";
import { tables as choiceTables } from "./papers/choice.mjs";
import { tables as ets } from "./papers/ets.mjs";
import { tables as evodiff } from "./papers/evodiff.mjs";
import { tables as las } from "./papers/las.mjs";
import { tables as re } from "./papers/re.mjs";
import { measuredModels } from "./saved.mjs";

const page = new URL("../../docs/results.md", import.meta.url);
const choicesPath = new URL("../../lib/cli/measured-choices.ts", import.meta.url);

/** The page's text. */
export function resultsPage() {
  const models = measuredModels();
  const toys = lasToys();
  const iia = iiaTables();
  const papers = [
    { paper: "RE", tables: re, claims: claimsOf(re, models) },
    { paper: "EVODiff", tables: evodiff, claims: claimsOf(evodiff, models) },
    { paper: "LAS", tables: las, claims: claimsOf(las, models), more: toys.claims },
    { paper: "ETS", tables: ets, claims: claimsOf(ets, models), more: klPlots() },
    { paper: "IIA", tables: [], claims: [], more: iia.claims },
  ];
  const networks = models.filter(({ name }) => name !== "mixture");
  const parts = [
    "<!-- Written by `node scripts/reproduce/page.mjs` from scripts/reproduce/results. Do not edit. -->",
    "# Results",
    summary(models),
    "## What to use when",
    ...networks.flatMap((model) => [leadersInWords(model), leaderTable(model), figureOf(model)]),
    ...defaults(networks),
    "## Verdicts on the papers' claims",
    verdictRule,
    countTable(papers, models),
    ...inShort(papers),
    ...papers.flatMap(({ paper, tables, claims, more }) => [
      `## ${paper}`,
      ...(claims.length > 0 ? [claimTable(claims, models)] : []),
      ...(more ? [experimentClaims(more)] : []),
      ...tables.flatMap((table) => tableSection(table, models)),
      ...(paper === "LAS" ? ["### LAS Appendix G: toy mixtures", toyNote, toys.text] : []),
      ...(paper === "ETS" ? ["### ETS Figure 3: one dimension", klNote] : []),
      ...(paper === "IIA" ? [iia.text] : []),
    ]),
    "## Solvers and schedules against each other",
    ...choiceTables.flatMap((table) => tableSection(table, networks).slice(1)),
    ...disagreements(networks),
    ...sampleSheets(networks),
  ];
  return requireNumbers(`${parts.filter(Boolean).join("\n\n")}\n`);
}

const verdictRule = `A verdict is the outcome of a rule (\`scripts/reproduce/verdict.mjs\`), applied to the metric that the tables show;
for "A is better than B, C … at every number of calls" it is: **does not hold** where A is worse in one comparison,
**holds** where it is worse in none and better in at least half, else **not testable here**, as noise hides the
difference. Better and worse mean beyond noise: the paired bootstrap's difference lies further from zero than chance
takes one of the claim's comparisons in twenty such claims. Where a table prints figures of both methods, only those
calls count at which all of its lines have A below the other; calls that a method could not make (numbers in brackets
below) count against it. Counts of comparisons are in parentheses; in the first table the verdicts by the RMSE are.
"experiments" are claims judged on what other pages' experiments saved: where those measured no errors, a difference
counts that is above a threshold, which stands with their tables.`;

const toyNote =
  "Negative mean log-likelihood of 20,000 samples. The paper's text lost the worlds' radius and deviation; ours differ, so that orders and ratios compare and numbers do not. No errors were measured; differences below 0.03 count as none. `node scripts/experiments/schedules/mixtures.mjs`; more in [schedules.md](schedules.md#mixtures-of-las-appendix-g).";

const klNote =
  "The table and the plot are in [schedules.md](schedules.md#entropic-time). The paper prints no numbers.\n\n![KL divergence against model calls](images/entropic-time.svg)";

function tableSection(table, models) {
  const text = paperTable(table, models);
  if (text === "") return [];
  const times = table.times
    ? [
        "Generation time: the solver's own arithmetic is all that differs, as model calls are the same. Ours is in [performance.md](performance.md#draws).",
        timeTable(table),
      ]
    : [];
  return [`### ${table.title}`, ...(table.about ? [`${capital(table.about)}.`] : []), text, ...times];
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function figureOf({ name }) {
  const picture = `images/results-${name}.svg`;
  return existsSync(new URL(`../../docs/${picture}`, import.meta.url))
    ? `![Fréchet distance of ${name} against model calls](${picture})`
    : "";
}

const presetRule = `\`quench sample\` without a solver and a grid draws with the preset for so many calls that lies in the model's folder
(\`presets/nfe-N.json\`, under guidance \`presets/nfe-N-guidance-G.json\`; \`quench tune\` writes them). The bundled
models have presets without guidance for 4 to 12 calls and for 20. \`node scripts/reproduce/own-presets.mjs\` measured
them beside the four pairs of lowest distance in the tables above and the defaults of other models below, on a seed
that neither the tables nor the searches had. Fréchet distance and half of its interval; behind and ahead are beyond
noise (95 %, paired).`;

const defaultsRule = `A model without a preset for so many calls gets a pair that was chosen from the measurements above. It is one pair
for every model, and not the best pair of each: \`quench tune\` finds that. It is chosen so: a pair leads on a model
where it cannot be told from the one of the lowest Fréchet distance. Of the pairs that lead on both models, the one of
the least RMSE to the models' own trajectories is taken (least mean logarithm); where the models share no leader, the
one of the least RMSE among those that lead on either. \`las\` takes no part while its best c differs between the
models, as it does here. A model without a risk curve gets the same, of the pairs that need none. "Behind on" names
the models where the pair of the lowest Fréchet distance is ahead of this pair beyond noise; for a model without a
risk curve, of the pairs that need none. Between measured numbers of steps the nearest one counts, and beyond 20 that
of 20.`;

function defaults(networks) {
  return [
    "### Defaults of the command line",
    presetRule,
    ...ownPresetsTables(),
    defaultsRule,
    processesInWords(networks),
    defaultsTable(networks),
  ];
}

function disagreements(networks) {
  const sections = networks.flatMap((model) => {
    const { decided, against, table } = disagreementTable(model);
    if (decided === 0) return [];
    return [
      `**${model.name}**: of ${decided} pairs of methods at equal calls and grid that both metrics tell apart, they order ${against} differently.`,
      table,
    ];
  });
  return sections.length === 0 ? [] : ["## Where Fréchet distance and RMSE disagree", ...sections];
}

/** The command line's defaults, from the same results. */
function choicesModule() {
  return `// Written by \`node scripts/reproduce/page.mjs\` from scripts/reproduce/results. Do not edit.
import type { MeasuredChoice } from "./default-choice.js";

export const measuredChoices: readonly MeasuredChoice[] = [
${savedChoices()
  .map((choice) => JSON.stringify(choice))
  .join(",\n")}
];
`;
}

export function writePage() {
  writeFileSync(page, resultsPage());
  writeFileSync(choicesPath, choicesModule());
  // The formatter decides what is a short enough line.
  execFileSync("npx", ["biome", "check", "--write", fileURLToPath(choicesPath)], { stdio: "ignore" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePage();
