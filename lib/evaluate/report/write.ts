import { join } from "node:path";
import { QuenchError } from "../../errors.js";
import { writeFileAtomic } from "../../io/index.js";
import { rasterise, renderSvg } from "../../plot/index.js";
import type { Evaluation } from "../evaluate.js";
import { csvReport } from "./csv.js";
import { markdownReport } from "./markdown.js";
import { metricPlot } from "./plot.js";
import { sampleSheet } from "./sheet.js";

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
  const { shape, valueRange } = evaluation.model;
  await write("samples.png", async () => {
    const sheet = await sampleSheet(evaluation, shape, valueRange);
    return sheet && rasterise(sheet, 1);
  });
  return { files, left };
}
