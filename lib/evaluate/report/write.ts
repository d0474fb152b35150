import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { QuenchError } from "../../errors.js";
import { readJson, writeFileAtomic } from "../../io/index.js";
import { rasterise, renderSvg } from "../../plot/index.js";
import type { Evaluation } from "../evaluate.js";
import { evaluationMetrics } from "../metric/table.js";
import { type Trace, traceSchema } from "../trace.js";
import { columnName, columnsOf } from "./comparison.js";
import { csvReport } from "./csv.js";
import { markdownReport } from "./markdown.js";
import { metricPlot } from "./plot.js";
import { sampleSheet } from "./sheet.js";
import { tracePlot } from "./trace-plot.js";

export interface WrittenReport {
  readonly files: readonly string[];
  /** What could not be drawn, for want of an optional package. */
  readonly left: readonly string[];
}

/**
 * Writes results.md, results.csv, a plot per metric and, for image models, a sheet of samples into a folder. Plots and
 * sheet are left out where vega or @resvg/resvg-js is not installed.
 * @throws QuenchError WRITE_FAILED
 */
export async function writeReport(evaluation: Evaluation, folder: string): Promise<WrittenReport> {
  const files: string[] = [];
  const left: string[] = [];
  const write = async (name: string, make: () => Promise<string | Uint8Array | undefined>) => {
    const content = await make().catch((error: unknown) => {
      if (!(error instanceof QuenchError) || error.code !== "MISSING_DEPENDENCY") throw error;
      left.push(`${name}: ${error.message}`);
      return undefined;
    });
    if (content === undefined) return;
    await writeFileAtomic(join(folder, name), content);
    files.push(name);
  };
  await write("results.md", async () => markdownReport(evaluation));
  await write("results.csv", async () => csvReport(evaluation));
  for (const metric of evaluation.metrics) {
    if (!evaluation.cells.some(({ metrics }) => metrics[metric])) continue;
    await write(`${metric}.svg`, () => renderSvg(metricPlot(evaluation, metric)));
  }
  for (const column of columnsOf(evaluation)) {
    const name = columnName(column);
    const traces = await tracesOf(evaluation, name);
    if (traces.length === 0) continue;
    const file = `trace-${name.replace(" ", "-").toLowerCase()}.svg`;
    await write(file, () => renderSvg(tracePlot(`${evaluation.model.name}: steps at ${name}`, traces)));
  }
  const { shape, valueRange } = evaluation.model;
  await write("samples.png", async () => {
    const sheet = await sampleSheet(evaluation, shape, valueRange);
    return sheet && rasterise(sheet, 1);
  });
  await removeStale(folder, files);
  return { files, left };
}

/** Plots and the sheet of an earlier plan in the same folder show what the new tables do not have. */
async function removeStale(folder: string, written: readonly string[]): Promise<void> {
  const plots = [...evaluationMetrics.keys()].map((metric) => `${metric}.svg`);
  const isOwn = (name: string) =>
    plots.includes(name) || name === "samples.png" || /^trace-(nfe-\d+|\d+-steps?)\.svg$/.test(name);
  for (const name of await readdir(folder))
    if (isOwn(name) && !written.includes(name)) await rm(join(folder, name), { force: true });
}

async function tracesOf({ cells }: Evaluation, column: string) {
  const traced = cells.filter((cell) => cell.trace && columnName(cell.column) === column);
  return Promise.all(
    traced.map(async ({ method, trace }) => ({
      method,
      trace: (await readJson(trace!, traceSchema)) as unknown as Trace,
    })),
  );
}
