import type { Spec } from "vega";
import { colourScale, colours, frame, plotTitle } from "../../plot/index.js";
import type { Evaluation } from "../evaluate.js";
import { findMetric } from "../metric/table.js";

const size = { width: 560, height: 360 };
/** More methods than colours take the next dash. */
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
];

/** A metric against the model calls really used, with its intervals; logarithmic where all of it is above 0. */
export function metricPlot(evaluation: Evaluation, metric: string): Spec {
  const points = evaluation.cells.flatMap(({ method, nfe, metrics }) => {
    const found = metrics[metric];
    return found ? [{ method, nfe, value: found.value, low: found.low, high: found.high }] : [];
  });
  const { title, better } = findMetric(metric);
  const positive = points.every(({ low }) => low > 0);
  const methods = evaluation.methods.filter((name) => points.some(({ method }) => method === name));
  const calls = [...new Set(points.map(({ nfe }) => nfe))].sort((a, b) => a - b);
  const at = (field: string) => ({ scale: "y", field });
  const colour = { scale: "colour", field: "method" };
  return {
    ...frame,
    ...size,
    title: plotTitle(`${evaluation.model.name}: ${title} (${better} is better)`),
    data: [{ name: "points", values: points }],
    scales: [
      {
        name: "x",
        type: "log",
        domain: [calls[0]! * 0.95, calls.at(-1)! * 1.05],
        range: "width",
        zero: false,
      },
      {
        name: "y",
        type: positive ? "log" : "linear",
        domain: extent(points, positive),
        range: "height",
        nice: !positive,
        zero: false,
      },
      colourScale(methods),
      {
        name: "dash",
        type: "ordinal",
        domain: methods,
        range: methods.map((_, i) => dashes[Math.floor(i / colours.length) % dashes.length]!),
      },
    ],
    axes: [
      { orient: "bottom", scale: "x", title: "model calls (NFE)", values: calls, grid: true, format: "d" },
      { orient: "left", scale: "y", title: metric, grid: true, tickCount: 6, format: "~g" },
    ],
    legends: [{ stroke: "colour", strokeDash: "dash", symbolType: "stroke", symbolSize: 300 }],
    marks: [
      {
        type: "group",
        from: { facet: { name: "line", data: "points", groupby: "method" } },
        marks: [
          {
            type: "line",
            from: { data: "line" },
            sort: { field: "nfe" },
            encode: {
              enter: {
                x: { scale: "x", field: "nfe" },
                y: at("value"),
                stroke: colour,
                strokeDash: { scale: "dash", field: "method" },
                strokeWidth: { value: 1.6 },
              },
            },
          },
        ],
      },
      {
        type: "rule",
        from: { data: "points" },
        encode: {
          enter: { x: { scale: "x", field: "nfe" }, y: at("low"), y2: at("high"), stroke: colour },
        },
      },
      {
        type: "symbol",
        from: { data: "points" },
        encode: {
          enter: { x: { scale: "x", field: "nfe" }, y: at("value"), fill: colour, size: { value: 28 } },
        },
      },
    ],
  };
}

/** All intervals, with a little room where the scale is logarithmic and is not rounded to powers of ten. */
function extent(
  points: readonly { readonly low: number; readonly high: number }[],
  positive: boolean,
): number[] {
  const [low, high] = [
    Math.min(...points.map(({ low }) => low)),
    Math.max(...points.map(({ high }) => high)),
  ];
  return positive ? [low / 1.05, high * 1.05] : [low, high];
}
