import type { Axis, Mark, Spec } from "vega";
import { colours, font, rasterise, renderSvg } from "../plot/index.js";
import {
  cumulative,
  type EntropicTime,
  entropicTime,
  type FoundSchedule,
  type RiskArtifact,
} from "../schedule/index.js";

/** What a plot shows: grids over the scaled noise level, and where there is a risk curve the entropies they follow. */
export interface SchedulePlot {
  readonly title: string;
  readonly schedules: readonly FoundSchedule[];
  readonly risk?: RiskArtifact | undefined;
}

const width = 640;
const panel = { rate: 170, cumulative: 150, gap: 34, perMethod: 24 };
const points = 240;

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

function specification({ title, schedules, risk }: SchedulePlot): Spec {
  const nodes = schedules.flatMap(({ method, sigma }) =>
    sigma.filter((value) => value > 0).map((value) => ({ method, sigma: value })),
  );
  const [low, high] = [
    Math.min(...nodes.map(({ sigma }) => sigma)),
    Math.max(...nodes.map(({ sigma }) => sigma)),
  ];
  const curves = risk ? entropyCurves(risk, low, high) : [];
  const strips = Math.max(1, schedules.length) * panel.perMethod;
  const tops = risk ? [0, panel.rate + panel.gap, panel.rate + panel.cumulative + 2 * panel.gap] : [0, 0, 0];
  const methods = schedules.map(({ method }) => method);
  const times = [...new Set(curves.map(({ time }) => time))];
  return {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    background: "white",
    padding: 12,
    width,
    height: tops[2]! + strips,
    title: { text: title, anchor: "start", font, fontSize: 14, fontWeight: "normal", offset: 12 },
    config: {
      axis: { labelFont: font, titleFont: font, titleFontWeight: "normal", gridColor: "#e6e6e6" },
      legend: { labelFont: font, titleFont: font },
    },
    data: [
      { name: "nodes", values: nodes },
      { name: "curves", values: curves },
    ],
    scales: [
      { name: "x", type: "log", domain: [low, high], range: [0, width], zero: false },
      { name: "method", type: "band", domain: methods, range: [0, strips], padding: 0.3 },
      { name: "colour", type: "ordinal", domain: methods, range: colours },
      {
        name: "dash",
        type: "ordinal",
        domain: times,
        range: [
          [1, 0],
          [6, 3],
          [2, 2],
        ],
      },
      {
        name: "rate",
        type: "log",
        domain: { data: "curves", field: "rate" },
        range: [panel.rate, 0],
        nice: true,
      },
      { name: "sum", type: "linear", domain: [0, 1], range: [panel.cumulative, 0] },
    ],
    ...(risk
      ? {
          legends: [
            {
              strokeDash: "dash",
              orient: "none",
              legendX: width - 88,
              legendY: 4,
              symbolType: "stroke",
              symbolSize: 500,
            },
          ],
        }
      : {}),
    marks: [
      ...(risk
        ? [
            group(
              tops[0]!,
              panel.rate,
              [
                {
                  orient: "left",
                  scale: "rate",
                  title: "rate (log scale)",
                  format: ".0e",
                  tickCount: 5,
                  grid: true,
                },
                bottom(false),
              ],
              [curveMark("rate", "rate")],
            ),
            group(
              tops[1]!,
              panel.cumulative,
              [
                { orient: "left", scale: "sum", title: "cumulative", tickCount: 5, grid: true },
                bottom(false),
              ],
              [curveMark("sum", "sum")],
            ),
          ]
        : []),
      group(
        tops[2]!,
        strips,
        [{ orient: "left", scale: "method", domain: false, ticks: false, labelPadding: 8 }, bottom(true)],
        [
          {
            type: "rule",
            from: { data: "nodes" },
            encode: {
              enter: {
                x: { scale: "x", field: "sigma" },
                y: { scale: "method", field: "method" },
                y2: { scale: "method", field: "method", band: 1 },
                stroke: { scale: "colour", field: "method" },
                strokeWidth: { value: 2 },
              },
            },
          },
        ],
      ),
    ],
  };
}

function bottom(labelled: boolean): Axis {
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

function group(top: number, height: number, axes: Axis[], marks: Mark[]): Mark {
  return {
    type: "group",
    encode: { enter: { y: { value: top }, width: { value: width }, height: { value: height } } },
    // Grid lines are as long as these say, not as the group is.
    signals: [
      { name: "width", value: width },
      { name: "height", value: height },
    ],
    axes,
    marks,
  };
}

/** One line per entropic time. */
function curveMark(field: string, scale: string): Mark {
  return {
    type: "group",
    from: { facet: { name: `facet-${field}`, data: "curves", groupby: "time" } },
    marks: [
      {
        type: "line",
        from: { data: `facet-${field}` },
        encode: {
          enter: {
            x: { scale: "x", field: "sigma" },
            y: { scale, field },
            stroke: { value: "#333" },
            strokeWidth: { value: 1.6 },
            strokeDash: { scale: "dash", field: "time" },
          },
        },
      },
    ],
  };
}

/** Each time's rate per σ̃ and its integral, at points evenly in ln σ̃. */
function entropyCurves(risk: RiskArtifact, low: number, high: number) {
  const times: EntropicTime[] = ["entropic", "rescaled", ...(risk.spectrum ? (["spectral"] as const) : [])];
  return times.flatMap((time) => {
    const { curve, rate } = entropicTime(risk, time);
    const clock = cumulative(curve, rate, low, high);
    return Array.from({ length: points }, (_, i) => {
      const sigma = low * (high / low) ** (i / (points - 1));
      return { time, sigma, rate: rate(sigma), sum: Math.min(Math.max(clock.of(sigma), 0), 1) };
    });
  });
}
