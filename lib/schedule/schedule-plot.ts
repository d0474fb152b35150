import type { Axis, Spec } from "vega";
import { colourScale, frame, panel, plotTitle, rasterise, renderSvg } from "../plot/index.js";
import type { FoundSchedule } from "./find.js";
import { entropiesPart } from "./plot-entropies.js";
import { nodesPart } from "./plot-nodes.js";
import type { RiskArtifact } from "./risk-artifact.js";

/** What a plot shows: grids over the scaled noise level, and where there is a risk curve the entropies they follow. */
export interface SchedulePlot {
  readonly title: string;
  readonly schedules: readonly FoundSchedule[];
  readonly risk?: RiskArtifact | undefined;
}

const [width, gap] = [640, 34];

/**
 * Draws a plot as SVG text.
 * @throws QuenchError MISSING_DEPENDENCY where vega is not installed
 */
export function plotSvg(plot: SchedulePlot): Promise<string> {
  return renderSvg(specification(plot));
}

/** The same as the bytes of a PNG file, twice as fine as the SVG's own size. */
export async function plotPng(plot: SchedulePlot): Promise<Uint8Array> {
  return rasterise(await plotSvg(plot));
}

/** The panels below one another, over the same noise levels. */
function specification({ title, schedules, risk }: SchedulePlot): Spec {
  const sigmas = schedules.flatMap(({ sigma }) => sigma.filter((value) => value > 0));
  const [low, high] = [Math.min(...sigmas), Math.max(...sigmas)];
  const parts = [...(risk ? [entropiesPart(risk, low, high, width)] : []), nodesPart(schedules)];
  const panels = parts.flatMap(({ panels }) => panels);
  const tops = panels.map((_, i) => panels.slice(0, i).reduce((sum, { height }) => sum + height + gap, 0));
  return {
    ...frame,
    width,
    height: tops.at(-1)! + panels.at(-1)!.height,
    title: { ...plotTitle(title), offset: 12 },
    data: parts.map(({ data }) => data),
    scales: [
      { name: "x", type: "log", domain: [low, high], range: [0, width], zero: false },
      colourScale(schedules.map(({ method }) => method)),
      ...parts.flatMap(({ scales }) => scales),
    ],
    legends: parts.flatMap(({ legends }) => legends),
    marks: panels.map(({ height, axis, mark }, i) =>
      panel({ y: tops[i]!, width, height }, [axis, noiseAxis(i === panels.length - 1)], [mark]),
    ),
  };
}

function noiseAxis(labelled: boolean): Axis {
  return {
    orient: "bottom",
    scale: "x",
    grid: true,
    labels: labelled,
    format: "~g",
    tickCount: 6,
    ...(labelled ? { title: "scaled noise level σ/α" } : {}),
  };
}
