// IIA's tables in their form, from what scripts/experiments/iia saved: residuals, Fréchet distances, sub-steps.
import { existsSync } from "node:fs";
import { markdownTable } from "../markdown.mjs";
import * as paper from "../papers/iia.mjs";
import { savedExperiment } from "../saved.mjs";
import { judgePairs } from "../verdict.mjs";

const worlds = ["mixture", "digits", "garments"].filter((name) =>
  existsSync(new URL(`../../experiments/iia/results/residuals-${name}.json`, import.meta.url)),
);

/** "iia-edm 1", as the paper's rows are named in papers/iia.mjs. */
const nameOf = ({ name, history, quantities }) => `${name} ${history ?? quantities ?? ""}`.trim();

/** Residuals of one model: (row, steps) => mean over the steps, of the base along its own path or of a member. */
function residuals(model) {
  const { results } = savedExperiment(`iia/results/residuals-${model}`);
  return (row, steps, family, which = "residual") => {
    const found = results.find(
      (r) => r.steps === steps && (row === "base" ? r.solver.name === family : nameOf(r.solver) === row),
    );
    return row === "base" ? found?.[which === "fresh" ? "ownFreshBase" : "ownBase"] : found?.[which];
  };
}

const short = (value) => (value === undefined ? "–" : value.toPrecision(3));

function residualTable(table, columns, stepsOf, family) {
  const rows = table.rows.flatMap(([label, row, figures]) => [
    [label, "paper", ...figures.map(String)],
    ...worlds
      .map((world) => [
        "",
        world,
        ...columns.map((column) => short(residuals(world)(row, stepsOf(column), family))),
      ])
      .filter((cells) => cells.slice(2).some((cell) => cell !== "–")),
  ]);
  return `### ${table.title}\n\n${markdownTable(["", "", ...columns.map(String)], rows)}`;
}

/**
 * Better in every residual of fresh samples, on every model. The experiment saved means only: 2.5 % of the other's residual
 * stands for the standard error of the difference, so that one within some 8 % counts as none.
 */
function residualClaim(text, mine, other, stepCounts, family) {
  const pairs = worlds.flatMap((world) => {
    const of = residuals(world);
    return stepCounts.flatMap((steps) => {
      const [a, b] = [of(mine, steps, family, "fresh"), of(other, steps, family, "fresh")];
      return a === undefined || b === undefined
        ? []
        : [{ nfe: steps, mine, other, value: a - b, standardError: 0.025 * b }];
    });
  });
  return { text, verdict: judgePairs(pairs) };
}

/**
 * Fréchet distances of bases and members, {guidance, base, solver, options, nfe, plain, iia, low, high} (the last two of
 * iia − plain), of all models.
 */
function frechetResults(kind = "") {
  return ["digits", "garments"].flatMap((model) =>
    [1, 2].flatMap((guidance) => {
      const name = ["frechet", model === "digits" ? "" : model, kind, "guidance", guidance];
      const saved = savedExperiment(`iia/results/${name.filter(Boolean).join("-")}`);
      return (saved?.results ?? []).map((result) => ({ ...result, model }));
    }),
  );
}

function frechetTable(results) {
  const calls = [...new Set(results.map(({ nfe }) => nfe))].sort((a, b) => a - b);
  const keys = [...new Set(results.map(({ model, guidance, solver }) => `${model}/${guidance}/${solver}`))];
  const rows = keys.flatMap((key) => {
    const own = results.filter((r) => `${r.model}/${r.guidance}/${r.solver}` === key);
    const [{ model, guidance, solver, base }] = own;
    const text = (which) => calls.map((nfe) => own.find((r) => r.nfe === nfe)?.[which]?.toFixed(2) ?? "–");
    return [
      [`${model}, guidance ${guidance}`, base, ...text("plain")],
      ["", solver, ...text("iia")],
    ];
  });
  return `### IIA Figures 3, 5 and 6, Table 1: Fréchet distance of base and member\n\n${markdownTable(
    ["", "", ...calls.map((nfe) => `NFE ${nfe}`)],
    rows,
    { numbers: true },
  )}`;
}

/** Tables 3, 5 and 8: one paper line and each model's, of the base and of members by history or number of quantities. */
function ablationTable(table, columns, nfeOf, results) {
  const models = [...new Set(results.map(({ model }) => model))];
  const value = (model, row, nfe) => {
    const own = results.filter((r) => r.model === model && r.nfe === nfe && r.guidance === 1);
    const family = table.rows.find(([, name]) => name !== "base")[1].split(" ")[0];
    if (row === "base") return own.find((r) => r.solver === family)?.plain;
    return own.find((r) => nameOf({ name: r.solver, ...r.options }) === row)?.iia;
  };
  const rows = table.rows.flatMap(([label, row, figures]) => [
    [label, "paper", ...figures.map(String)],
    ...models
      .map((model) => [
        "",
        model,
        ...columns.map((column) => value(model, row, nfeOf(column))?.toFixed(2) ?? "–"),
      ])
      .filter((cells) => cells.slice(2).some((cell) => cell !== "–")),
  ]);
  return `### ${table.title}\n\n${markdownTable(["", "", ...columns.map(String)], rows, { numbers: true })}`;
}

/** The base's and the member's draws share their noises; where no interval was saved, 5 % of the base stands for its half. */
function frechetClaim(text, results, solvers, guidance) {
  const pairs = results
    .filter((r) => solvers.includes(r.solver) && r.guidance === guidance && r.nfe < 25)
    .map(({ nfe, solver, base, plain, iia, low, high }) => ({
      nfe,
      mine: solver,
      other: base,
      value: iia - plain,
      standardError: low === undefined ? 0.05 * plain : (high - low) / (2 * 1.96),
    }));
  return { text, verdict: judgePairs(pairs) };
}

function substepTable() {
  const { table6 } = paper;
  const found = savedExperiment("iia/results/substeps")?.results ?? [];
  const ours = (nfe, M) =>
    found.find((r) => r.solver.name === "iia-edm" && 2 * r.steps - 1 === nfe && r.settings.substeps === M);
  const value = { residual: (r) => short(r?.residual), seconds: (r) => short(r?.cost.seconds) };
  const rows = table6.rows.flatMap(([nfe, what, figures]) => [
    [`${nfe} calls, ${what}`, "paper", ...figures.map(String)],
    ...(value[what] ? [["", "mixture", ...table6.substeps.map((M) => value[what](ours(nfe, M)))]] : []),
  ]);
  const changes = [11, 19].flatMap((nfe) => {
    const [ten, fifty] = [ours(nfe, 10)?.residual, ours(nfe, 50)?.residual];
    return ten && fifty ? [Math.abs(ten - fifty) / fifty] : [];
  });
  const largest = Math.max(...changes);
  return {
    text: `### ${table6.title}\n\n${markdownTable(["", "", ...table6.substeps.map((M) => `M = ${M}`)], rows)}`,
    claim: {
      text: "M = 10 sub-steps are enough: residuals within 10 % of those of M = 50",
      verdict: {
        verdict: changes.length === 0 ? "not testable here" : largest <= 0.1 ? "holds" : "does not hold",
        why: `largest change ${(100 * largest).toFixed(1)} %`,
      },
    },
  };
}

export function iiaTables() {
  if (worlds.length === 0) return { text: "", claims: [] };
  const edmSteps = (nfe) => (nfe + 1) / 2;
  const stepsOfEdm = paper.edmCalls.map(edmSteps);
  const frechet = frechetResults();
  const ablation = frechetResults("ablation");
  const substeps = substepTable();
  const text = [
    "From `scripts/experiments/iia`, which [iia.md](iia.md) describes with all its figures: residuals are means over the steps of ‖x − fine‖², the base along its own trajectory. Figure 4 is Table 4 drawn.",
    ablationTable(paper.table3, paper.edmCalls, (nfe) => nfe, ablation),
    residualTable(paper.table4, paper.edmCalls, edmSteps, "iia-edm"),
    ablationTable(paper.table5, paper.edmCalls, (nfe) => nfe, ablation),
    substeps.text,
    residualTable(paper.table7, paper.table7.steps, (steps) => steps, "iia-ddim"),
    ablationTable(paper.table8, paper.table8.steps, (steps) => steps, ablation),
    frechetTable(frechet),
  ];
  const all = (name, ...rest) => residualClaim(name, ...rest);
  const claims = [
    all(
      "BIIA-EDM has smaller residuals than EDM (Figure 4, Table 4)",
      "biia-edm 1",
      "base",
      stepsOfEdm,
      "biia-edm",
    ),
    all(
      "IIA-EDM has smaller residuals than BIIA-EDM (Figure 4, Table 4)",
      "iia-edm 1",
      "biia-edm 1",
      stepsOfEdm,
      "iia-edm",
    ),
    all(
      "history r = 2 makes IIA-EDM's residuals smaller than r = 1 (Table 4)",
      "iia-edm 2",
      "iia-edm 1",
      stepsOfEdm,
      "iia-edm",
    ),
    substeps.claim,
    all(
      "two quantities have smaller residuals than one (Table 7)",
      "iia-ddim 2",
      "iia-ddim 1",
      [10, 20, 40],
      "iia-ddim",
    ),
    all(
      "one quantity has smaller residuals than DDIM (Table 7)",
      "iia-ddim 1",
      "base",
      [10, 20, 40],
      "iia-ddim",
    ),
    frechetClaim(
      "IIA-EDM and BIIA-EDM have lower Fréchet distances than EDM below 25 calls (Figure 3)",
      frechet,
      ["iia-edm", "biia-edm"],
      1,
    ),
    frechetClaim(
      "IIA-DDIM has lower Fréchet distances than DDIM (Figure 5, Table 8)",
      frechet,
      ["iia-ddim"],
      1,
    ),
    frechetClaim(
      "IIA-SPNDM and IIA-IPNDM have lower Fréchet distances than their bases (Figure 6, CIFAR-10)",
      frechet,
      ["iia-spndm", "iia-ipndm"],
      1,
    ),
    frechetClaim(
      "guided, IIA-DDIM has lower Fréchet distances than DDIM (Table 1)",
      frechet,
      ["iia-ddim", "iia-ddim-guided"],
      2,
    ),
    frechetClaim(
      "guided, IIA-DPM-Solver++ has lower Fréchet distances than DPM-Solver++ (Table 1)",
      frechet,
      ["iia-dpm-solver++-2m"],
      2,
    ),
  ];
  return { text: text.join("\n\n"), claims };
}
