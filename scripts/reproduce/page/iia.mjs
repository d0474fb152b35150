// IIA's tables in their form, from what scripts/experiments/iia saved: residuals, Fréchet distances, sub-steps.
import { markdownTable } from "../markdown.mjs";
import * as paper from "../papers/iia.mjs";
import { iiaClaims } from "./iia-claims.mjs";
import { allFrechet, frechetResults, residuals, substepResult, worlds } from "./iia-results.mjs";

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
  return `### IIA Figures 3, 5 and 6: Fréchet distance of base and member, and guided ones for Table 1\n\n${markdownTable(
    ["", "", ...calls.map((nfe) => `NFE ${nfe}`)],
    rows,
    { numbers: true },
  )}`;
}

/**
 * Tables 3, 5 and 8: a paper's line and each model's, of the base and of members by history or number of quantities. Calls
 * that the experiment made and the paper did not have columns of their own.
 */
function ablationTable(table, calls) {
  const family = table.rows.find(([, row]) => row !== "base")[1].split(" ")[0];
  const own = allFrechet().filter(
    ({ guidance, row, solver }) =>
      guidance === 1 && (solver === family || table.rows.some(([, name]) => name === row)),
  );
  const first = Math.min(...calls);
  const columns = [...new Set([...calls, ...own.map(({ nfe }) => nfe).filter((nfe) => nfe >= first)])];
  columns.sort((a, b) => a - b);
  const value = (model, row, nfe) => {
    const here = own.filter((one) => one.model === model && one.nfe === nfe);
    return row === "base" ? here[0]?.plain : here.find((one) => one.row === row)?.iia;
  };
  const rows = table.rows.flatMap(([label, row, figures]) => [
    [label, "paper", ...columns.map((nfe) => String(figures[calls.indexOf(nfe)] ?? "–"))],
    ...["digits", "garments"]
      .map((model) => ["", model, ...columns.map((nfe) => value(model, row, nfe)?.toFixed(2) ?? "–")])
      .filter((cells) => cells.slice(2).some((cell) => cell !== "–")),
  ]);
  return `### ${table.title}\n\n${markdownTable(["", "", ...columns.map((nfe) => `NFE ${nfe}`)], rows, { numbers: true })}`;
}

function substepTable() {
  const { table6 } = paper;
  const value = {
    residual: ["mixture", (r) => short(r?.residual)],
    "Fréchet distance": ["mixture, rms error to the ODE's solution", (r) => short(r?.error?.rms)],
    seconds: ["mixture", (r) => short(r?.cost.seconds)],
  };
  const rows = table6.rows.flatMap(([nfe, what, figures]) => {
    const [label, of] = value[what];
    return [
      [`${nfe} calls, ${what}`, "paper", ...figures.map(String)],
      ["", label, ...table6.substeps.map((M) => of(substepResult(nfe, M)))],
    ];
  });
  return `### ${table6.title}\n\n${markdownTable(["", "", ...table6.substeps.map((M) => `M = ${M}`)], rows)}`;
}

/** A table of which only the paper's lines are here, and why. */
function paperOnly({ title, calls, rows }, why) {
  const lines = rows.map(([label, figures]) => [label, "paper", ...figures.map(String)]);
  const head = ["", "", ...calls.map((nfe) => `NFE ${nfe}`)];
  return `### ${title}\n\n${why}\n\n${markdownTable(head, lines, { numbers: true })}`;
}

export function iiaTables() {
  if (worlds.length === 0) return { text: "", claims: [] };
  const edmSteps = (nfe) => (nfe + 1) / 2;
  const text = [
    "From `scripts/experiments/iia`, which [iia.md](iia.md) describes with all its figures: residuals are means over the steps of ‖x − fine‖², the base along its own trajectory. No errors of them were measured: residuals of fresh samples that differ by less than 8 % count as alike. A Fréchet distance's difference to its base has a saved interval; that of two members has an error of at most the sum of both, which is what is counted. Figure 4 is Table 4 drawn.",
    ablationTable(paper.table3, paper.edmCalls),
    residualTable(paper.table4, paper.edmCalls, edmSteps, "iia-edm"),
    ablationTable(paper.table5, paper.edmCalls),
    substepTable(),
    residualTable(paper.table7, paper.table7.steps, (steps) => steps, "iia-ddim"),
    ablationTable(paper.table8, paper.table8.steps),
    paperOnly(
      paper.table9,
      "A GPU. Not measured here: no bench draws with coefficients. Model calls are the base's ([iia.md](iia.md#members)).",
    ),
    paperOnly(paper.table10, "A GPU, 200 samples, M = 3. Ours, of the mixture, are the seconds of Table 6."),
    paperOnly(
      paper.table1,
      "Stable Diffusion V2, 20,000 prompts. No text-to-image model is here: ours are guided draws of digits, in the next table. The CLIP scores are not testable here.",
    ),
    frechetTable(frechetResults()),
  ];
  return { text: text.join("\n\n"), claims: iiaClaims(paper.edmCalls.map(edmSteps)) };
}
