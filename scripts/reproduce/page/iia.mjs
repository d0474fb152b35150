// IIA's tables in their form, from what scripts/experiments/iia saved: residuals, Fréchet distances, sub-steps, seconds.
import { markdownTable } from "../markdown.mjs";
import * as paper from "../papers/iia.mjs";
import { iiaClaims } from "./iia-claims.mjs";
import {
  frechetCells,
  frechetLabel,
  frechetSettings,
  imageModels,
  residuals,
  substepResult,
  timeResults,
  worlds,
} from "./iia-results.mjs";

const short = (value) => (value === undefined ? "–" : value.toPrecision(3));
const fixed = (value) => value?.toFixed(2) ?? "–";
const atCalls = (nfe) => `NFE ${nfe}`;

/** A table of the paper: of each row its figures, then one line for each of `ours` that has any. */
function section({ title, rows }, head, ours, { about, numbers = true } = {}) {
  const lines = rows.flatMap(([label, row, figures]) => [
    [label, "paper", ...figures.map(String)],
    ...ours(row)
      .filter(([, ...cells]) => cells.some((cell) => cell !== "–"))
      .map((cells) => ["", ...cells]),
  ]);
  const parts = [`### ${title}`, about, markdownTable(["", "", ...head], lines, { numbers })];
  return parts.filter(Boolean).join("\n\n");
}

function residualTable(table, columns, stepsOf, family) {
  return section(table, columns.map(String), (row) =>
    worlds.map((world) => [
      world,
      ...columns.map((column) => short(residuals(world)(row, stepsOf(column), family))),
    ]),
  );
}

/** Fréchet distances of a set, at the paper's calls. */
function frechetTable(table, set, calls, { guidance = 1, about } = {}) {
  return section(
    table,
    calls.map(atCalls),
    (row) =>
      imageModels.map((model) => {
        const { find } = frechetCells(model, set, guidance);
        return [model, ...calls.map((nfe) => fixed(find(row, nfe)?.value))];
      }),
    { about },
  );
}

function substepTable() {
  const { table6 } = paper;
  const onImages = (nfe, of) =>
    imageModels.map((model) => {
      const { find } = frechetCells(model, "substeps");
      return [model, ...table6.substeps.map((M) => of(find(`iia-edm, history 1, M ${M}`, nfe)))];
    });
  const onMixture = (nfe, label, of) => [label, ...table6.substeps.map((M) => of(substepResult(nfe, M)))];
  const ours = {
    residual: (nfe) => [
      onMixture(nfe, "mixture", (r) => short(r?.residual)),
      ...onImages(nfe, (r) => short(r?.residual)),
    ],
    "Fréchet distance": (nfe) => [
      ...onImages(nfe, (r) => fixed(r?.value)),
      onMixture(nfe, "mixture, rms error to the ODE's solution", (r) => short(r?.error?.rms)),
    ],
    seconds: (nfe) => [
      onMixture(nfe, "mixture", (r) => short(r?.cost.seconds)),
      ...onImages(nfe, (r) => short(r?.cost.seconds)),
    ],
  };
  const rows = table6.rows.map(([nfe, what, figures]) => [`${nfe} calls, ${what}`, { nfe, what }, figures]);
  return section(
    { title: table6.title, rows },
    table6.substeps.map((M) => `M = ${M}`),
    ({ nfe, what }) => ours[what](nfe),
    {
      about: `The paper calibrates on 200 samples on a GPU; the mixture's are 200 too, ${calibratedOn("substeps")}.`,
    },
  );
}

const calibratedOn = (set) => {
  const settings = frechetSettings(imageModels[0], set);
  return settings
    ? `the networks' ${settings.samples} on 2 cores, beside other work`
    : "the networks' were not measured";
};

function timeTable() {
  const { table9 } = paper;
  const rows = table9.rows.map(([label, figures]) => [label, label, figures]);
  const last = rows.at(-1)[0];
  const line = (model, of) => table9.calls.map((nfe) => fixed(of(timeOf(model, nfe))));
  return section(
    { title: table9.title, rows },
    table9.calls.map(atCalls),
    (row) =>
      row !== last
        ? []
        : imageModels.flatMap((model) => [
            [`${model}, EDM`, ...line(model, (one) => one?.base)],
            [`${model}, IIA-EDM`, ...line(model, (one) => one?.member)],
          ]),
    { about: "The paper's on a GPU; ours are seconds for 64 samples on 2 cores." },
  );
}

const timeOf = (model, nfe) => timeResults().find((one) => one.model === model && one.nfe === nfe);

/** The largest share by which the paper's IIA-EDM takes longer than its EDM. */
function slowest() {
  const rows = paper.table9.rows.map(([, figures]) => figures);
  const shares = rows.flatMap((base, at) =>
    at % 2 === 0 ? base.map((seconds, column) => rows[at + 1][column] / seconds - 1) : [],
  );
  return Math.max(...shares);
}

function calibrationTable() {
  const { table10 } = paper;
  const rows = table10.rows.map(([label, figures]) => [label, label, figures]);
  return section(
    { title: table10.title, rows },
    table10.calls.map(atCalls),
    (row) =>
      row !== rows.at(-1)[0]
        ? []
        : imageModels.map((model) => {
            const { find } = frechetCells(model, "history");
            return [
              model,
              ...table10.calls.map((nfe) => short(find("iia-edm, history 1", nfe)?.cost.seconds)),
            ];
          }),
    { about: `A GPU, 200 samples, M = 3; ${calibratedOn("history")}.` },
  );
}

/** Bases and their members by model and guidance, at all calls that were measured. */
function figureTable() {
  const kinds = imageModels.flatMap((model) => [1, 2].map((guidance) => ({ model, guidance })));
  const measured = kinds
    .map((kind) => ({ ...kind, ...frechetCells(kind.model, "members", kind.guidance) }))
    .filter(({ cells }) => cells.length > 0);
  const calls = [...new Set(measured.flatMap(({ nfes }) => nfes))].sort((a, b) => a - b);
  const rows = measured.flatMap(({ model, guidance, cells, find }) =>
    [...new Set(cells.map(({ base }) => base))].flatMap((base) => {
      const labels = [
        ...new Set(cells.filter((cell) => cell.base === base && cell.member).map(frechetLabel)),
      ];
      const line = (label) => calls.map((nfe) => fixed(find(label, nfe)?.value));
      return [
        [`${model}, guidance ${guidance}`, base, ...line(base)],
        ...labels.map((label) => ["", label, ...line(label)]),
      ];
    }),
  );
  return `### IIA Figures 3, 5 and 6: Fréchet distances of bases and members\n\nThe figures print no numbers. Members of EDM have r = 1, IIA-DDIM two quantities.\n\n${markdownTable(
    ["", "", ...calls.map(atCalls)],
    rows,
    { numbers: true },
  )}`;
}

export function iiaTables() {
  if (worlds.length === 0) return { text: "", claims: [] };
  const edmSteps = (nfe) => (nfe + 1) / 2;
  const text = [
    "From `scripts/experiments/iia`, which [iia.md](iia.md) describes with all its figures: residuals are means over the steps of ‖x − fine‖², the base along its own trajectory. No errors of them were measured: residuals of fresh samples that differ by less than 8 % count as alike. The draws of a table share their noises, and every difference of two Fréchet distances has an interval of its own. Figure 4 is Table 4 drawn.",
    frechetTable(paper.table3, "history", paper.edmCalls),
    residualTable(paper.table4, paper.edmCalls, edmSteps, "iia-edm"),
    frechetTable(paper.table5, "history", paper.edmCalls),
    substepTable(),
    residualTable(paper.table7, paper.table7.steps, (steps) => steps, "iia-ddim"),
    frechetTable(paper.table8, "quantities", paper.table8.steps),
    timeTable(),
    calibrationTable(),
    frechetTable(paper.table1, "text-to-image", paper.table1.calls, {
      guidance: 2,
      about:
        "Stable Diffusion V2, 20,000 prompts. No text-to-image model is here: ours are draws by class with guidance 2. The CLIP scores are not testable here.",
    }),
    figureTable(),
  ];
  return { text: text.join("\n\n"), claims: iiaClaims(paper.edmCalls.map(edmSteps), slowest()) };
}
