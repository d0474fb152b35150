// Puts the results into docs/tune.md between its marks.
//
//   node scripts/experiments/tune/tables.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { table, withTables } from "../../markdown.mjs";
import { savedResults } from "../common.mjs";
import { measuredChoices } from "./choices.mjs";

const page = new URL("../../../docs/tune.md", import.meta.url);
const measuredTitles = new Set(Object.keys(measuredChoices({ risk: {} })));
const short = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
const signed = (value) => `${value > 0 ? "+" : ""}${short(value)}`;
const sorted = ({ cells }) => [...cells].sort((a, b) => a.asked - b.asked);
/** The commands that made it: cells may come of several. */
const source = ({ command, date, cells = [{ command }] }) => {
  const commands = [...new Set(cells.map((cell) => `\`${cell.command}\``))];
  return `${commands.join("; ")}, ${date}, 2 cores, no GPU.`;
};

/**
 * A fixed choice's score, marked where it is not behind the preset beyond noise. Where it was not drawn to the end, how far it
 * was behind as many samples of the preset's: Fréchet distances of different numbers of samples are not alike, as errors are.
 */
function cell(row, score, behind, samples) {
  if (!row) return "";
  if (row.diverges) return "diverges";
  const { value, high, beyondNoise } = row[behind];
  if (row.samples < samples && score === "frechet") return `${signed(value)} †`;
  const mark = !beyondNoise ? " ≈" : high < 0 ? " **<**" : "";
  return `${short(row[score].value)}${mark}`;
}

function against(result, score, behind) {
  const cells = sorted(result);
  const all = [...new Set(cells.flatMap(({ fixed }) => fixed.map(({ title }) => title)))];
  const titles = all.sort((a, b) => Number(measuredTitles.has(a)) - Number(measuredTitles.has(b)));
  const head = ["", ...cells.map(({ asked }) => `NFE ${asked}`)];
  const rows = titles.map((title) => [
    title,
    ...cells.map(({ fixed, samples }) =>
      cell(
        fixed.find((row) => row.title === title),
        score,
        behind,
        samples,
      ),
    ),
  ]);
  const tuned = [
    "**tuned preset**",
    ...cells.map(
      ({ tuned }) =>
        `**${short(tuned[score].value)}** [${short(tuned[score].low)}, ${short(tuned[score].high)}]`,
    ),
  ];
  if (score !== "frechet") return table(head, [tuned, ...rows]);
  const limit = [
    "accurate trajectories",
    ...cells.map(({ limit, samples }) =>
      limit.samples < samples ? `${signed(limit.behind.value)} †` : short(limit.value),
    ),
  ];
  const drawn = ["samples", ...cells.map(({ samples }) => String(samples))];
  return table(head, [tuned, ...rows, limit, drawn]);
}

/** Model rows that the search for a preset was allowed. */
function budgetOf(of, nfe) {
  const file = new URL(`results/presets/${of}/nfe-${nfe}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")).tuning.budget;
}

function found(of, result) {
  const rows = sorted(result).map(({ asked, tuned }) => [
    String(asked),
    tuned.origin,
    String(tuned.nfe),
    String(budgetOf(of, asked)),
    String(tuned.cost.modelRows),
  ]);
  return table(["NFE", "what was found", "calls used", "budget", "model rows"], rows);
}

function tallies(result) {
  const rows = result.cells.flatMap(({ fixed }) => fixed);
  const measured = ({ title }) => measuredTitles.has(title);
  return [
    tally(
      "Choices without measuring",
      rows.filter((row) => !measured(row)),
    ),
    tally("Pairs that were measured to be best", rows.filter(measured)),
  ].filter((text) => text !== undefined);
}

function tally(what, all) {
  if (all.length === 0) return undefined;
  const count = (behind, test) =>
    all.filter((row) => (row.diverges ? test === beaten : test(row[behind]))).length;
  const beaten = ({ low }) => low > 0;
  const level = ({ beyondNoise }) => !beyondNoise;
  const ahead = ({ high }) => high < 0;
  const sentence = (score, behind) =>
    `${score}: beyond noise behind the preset ${count(behind, beaten)} of ${all.length}, level with it ${count(behind, level)}, ahead of it ${count(behind, ahead)}.`;
  return `${what}. ${sentence("Fréchet distance", "frechetBehind")} ${sentence("Error", "rmseBehind")}`;
}

/** Spearman's rank correlation. */
function correlation(xs, ys) {
  const ranks = (values) => {
    const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
    return values.map((_, i) => order.indexOf(i));
  };
  const [a, b] = [ranks(xs), ranks(ys)];
  const n = xs.length;
  return 1 - (6 * a.reduce((sum, rank, i) => sum + (rank - b[i]) ** 2, 0)) / (n * (n * n - 1));
}

function correlations(result) {
  const rows = sorted(result).map(({ asked, tuned, fixed }) => {
    const all = [tuned, ...fixed.filter(({ diverges }) => !diverges)];
    // Of as many samples as the preset's: what was given up was drawn less often, and its distance is higher for that.
    const distance = ({ frechetBehind }) => tuned.frechet.value + (frechetBehind?.value ?? 0);
    const best = [...all].sort((a, b) => distance(a) - distance(b)).slice(0, 8);
    const of = (rows, error) => correlation(rows.map(error), rows.map(distance)).toFixed(2);
    const [data, features] = [({ rmse }) => rmse.value, ({ featureRmse }) => featureRmse];
    return [
      String(asked),
      String(all.length),
      of(all, data),
      of(all, features),
      of(best, data),
      of(best, features),
    ];
  });
  const head = ["NFE", "methods", "data, all", "features, all", "data, best 8", "features, best 8"];
  return table(head, rows);
}

function section(name) {
  const [what, of] = name.split(" ");
  const result = savedResults(of);
  if (!result) return "Not measured yet.";
  if (what === "trajectories") {
    const rows = result.rows.map(({ steps, rmse }) => [String(steps), short(rmse)]);
    return `${source(result)}\n\n${table(["steps", "RMSE"], rows)}`;
  }
  if (what === "correlation") return `${source(result)}\n\n${correlations(result)}`;
  return [
    `${source(result)} The error is that of ${result.settings.errors} samples.`,
    `**Fréchet distance**\n\n${against(result, "frechet", "frechetBehind")}`,
    `**Error to the accurate trajectories (RMSE)**\n\n${against(result, "rmse", "rmseBehind")}`,
    ...tallies(result),
    found(of, result),
  ].join("\n\n");
}

writeFileSync(page, withTables(readFileSync(page, "utf8"), section));
