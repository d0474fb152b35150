import type { CellResult, FailedCell, MetricResult } from "../cell.js";
import type { Evaluation } from "../evaluate.js";
import { findMetric } from "../metric/table.js";
import { columnName, comparisonOf, disagreements, type Place } from "./comparison.js";

/** Disagreements that are written out for each column's sake. */
const mostDisagreements = 8;

/** The tables of an evaluation as a Markdown page. */
export function markdownReport(evaluation: Evaluation): string {
  const { model, metrics, samples, seeds, failed } = evaluation;
  const lines = [
    `# ${model.name}`,
    "",
    `${samples} samples of each of ${seeds.length === 1 ? `one seed (${seeds[0]})` : `${seeds.length} seeds (${seeds.join(", ")})`}, ` +
      `every method from the same noises. Weights \`${model.hash.slice(0, 12)}\`.`,
    "",
    "± is half the 95 % interval of a paired bootstrap. **Bold** is the best of a column; what is marked ≈ differs from " +
      "it by no more than noise. A number in parentheses is the model calls of a sample, where they are not the number above.",
  ];
  for (const metric of metrics) lines.push("", ...metricSection(evaluation, metric));
  if (metrics.includes("fd") && metrics.includes("rmse")) lines.push("", ...ranking(evaluation));
  if (failed.length > 0) lines.push("", ...failures(failed));
  return `${lines.join("\n")}\n`;
}

function metricSection(evaluation: Evaluation, metric: string): string[] {
  const { title, better } = findMetric(metric);
  const { columns, rows } = comparisonOf(evaluation, metric);
  const beside = metric === "fd" && evaluation.metrics.includes("rmse") ? "rmse" : undefined;
  return [
    `## ${capital(title)}`,
    "",
    `\`${metric}\`, ${better} is better${beside ? "; after the stroke the RMSE to the model's own trajectory" : ""}.`,
    "",
    tableLine(["method", ...columns.map(columnName)]),
    tableLine(["---", ...columns.map(() => "---:")]),
    ...rows.map(({ method, places }) =>
      tableLine([method, ...places.map((place) => placeText(place, metric, beside))]),
    ),
  ];
}

function placeText(
  place: Place | FailedCell | undefined,
  metric: string,
  beside: string | undefined,
): string {
  if (!place) return "";
  if ("error" in place) return "failed";
  const { cell, standing } = place;
  const found = cell.metrics[metric];
  if (!found) return "–";
  const text = withUncertainty(found);
  const marked = standing === "best" ? `**${text}**` : standing === "tied" ? `${text} ≈` : text;
  const other = beside && cell.metrics[beside];
  return `${marked}${other ? ` / ${other.value.toPrecision(3)}` : ""}${cell.nfe === cell.column.count ? "" : ` (${cell.nfe})`}`;
}

/** The value to two digits of its uncertainty. */
function withUncertainty({ value, low, high }: MetricResult): string {
  const half = (high - low) / 2;
  if (!(half > 0)) return value.toPrecision(4);
  const decimals = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(half))));
  return `${value.toFixed(decimals)} ± ${half.toFixed(decimals)}`;
}

function ranking(evaluation: Evaluation): string[] {
  const found = disagreements(evaluation, ["fd", "rmse"]);
  const heading = ["## Do Fréchet distance and RMSE agree?", ""];
  if (found.length === 0)
    return [...heading, "No two methods are ranked differently by the two beyond noise."];
  const value = (cell: CellResult, metric: string) => cell.metrics[metric]!.value.toPrecision(3);
  const more = found.length - mostDisagreements;
  return [
    ...heading,
    `They rank ${found.length} ${found.length === 1 ? "pair" : "pairs"} of methods differently, each beyond noise. ` +
      "RMSE says who follows the model's trajectory, the Fréchet distance whose samples look like data.",
    "",
    ...found
      .slice(0, mostDisagreements)
      .map(
        ({ column, first, second }) =>
          `- ${columnName(column)}: ${first.method} has the better Fréchet distance (${value(first, "fd")} to ` +
          `${value(second, "fd")}), ${second.method} the better RMSE (${value(second, "rmse")} to ${value(first, "rmse")}).`,
      ),
    ...(more > 0 ? [`- And ${more} more.`] : []),
  ];
}

function failures(failed: readonly FailedCell[]): string[] {
  return [
    "## Failed",
    "",
    ...failed.map(
      ({ method, column, error }) => `- ${method}, ${columnName(column)}: ${error.code}: ${error.message}`,
    ),
  ];
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** With a capital where it begins with a word: χ² stays as it is. */
function capital(text: string): string {
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}
