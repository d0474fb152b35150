import type { Mark, Spec } from "vega";
import { colours, font } from "../../plot/index.js";
import type { Trace, TraceStep } from "../trace.js";

const panel = { width: 560, height: 120, gap: 30 };

/** Panels of a trace, those that have numbers are drawn. */
const quantities: readonly {
  readonly title: string;
  readonly scale: "log" | "linear";
  of(step: TraceStep): number | null | undefined;
}[] = [
  { title: "transition variance", scale: "log", of: ({ transitionVariance }) => transitionVariance || null },
  { title: "prediction variance", scale: "log", of: ({ predictionVariance }) => predictionVariance || null },
  { title: "ΔH measured, nats", scale: "linear", of: ({ entropyReduction }) => entropyReduction },
  { title: "entropy rate, nats", scale: "log", of: ({ entropyRate }) => entropyRate || null },
  { title: "entropy share", scale: "linear", of: ({ entropyShare }) => entropyShare },
  { title: "ζ", scale: "linear", of: ({ factors }) => factors.zeta?.mean },
  { title: "ζ*", scale: "linear", of: ({ factors }) => factors.zetaStar?.mean },
  { title: "η", scale: "linear", of: ({ factors }) => factors.eta?.mean },
  { title: "η*", scale: "linear", of: ({ factors }) => factors.etaStar?.mean },
  { title: "balance a", scale: "linear", of: ({ factors }) => factors.a?.mean },
  { title: "balance c", scale: "linear", of: ({ factors }) => factors.c?.mean },
];

/** What the steps of several methods do, over the scaled noise level they start from. */
export function tracePlot(
  title: string,
  traces: readonly { readonly method: string; readonly trace: Trace }[],
): Spec {
  const drawn = quantities
    .map((quantity) => ({
      ...quantity,
      points: traces.flatMap(({ method, trace }) =>
        trace.steps.flatMap((step) => {
          const value = quantity.of(step);
          return value === null || value === undefined ? [] : [{ method, sigma: step.from, value }];
        }),
      ),
    }))
    .filter(({ points }) => points.length > 0);
  const methods = traces.map(({ method }) => method);
  const sigmas = traces.flatMap(({ trace }) => trace.steps.map(({ from }) => from));
  const pitch = panel.height + panel.gap;
  return {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    background: "white",
    padding: 12,
    width: panel.width,
    height: drawn.length * pitch,
    title: { text: title, anchor: "start", font, fontSize: 14, fontWeight: "normal", offset: 14 },
    config: {
      axis: { labelFont: font, titleFont: font, titleFontWeight: "normal", gridColor: "#e6e6e6" },
      legend: { labelFont: font, titleFont: font, labelLimit: 400 },
    },
    data: drawn.map(({ points }, i) => ({ name: `points${i}`, values: points })),
    scales: [
      {
        name: "x",
        type: "log",
        domain: [Math.min(...sigmas), Math.max(...sigmas)],
        range: "width",
        reverse: true,
      },
      {
        name: "colour",
        type: "ordinal",
        domain: methods,
        range: methods.map((_, i) => colours[i % colours.length]!),
      },
      ...drawn.map(({ scale }, i) => ({
        name: `y${i}`,
        type: scale,
        domain: { data: `points${i}`, field: "value" },
        range: [panel.height, 0],
        nice: true,
        zero: false,
      })),
    ],
    legends: [{ stroke: "colour", symbolType: "stroke", symbolSize: 300 }],
    marks: drawn.map((quantity, i) => panelMark(i, quantity.title, i === drawn.length - 1)),
  } as Spec;
}

function panelMark(i: number, title: string, last: boolean): Mark {
  const colour = { scale: "colour", field: "method" };
  const place = { x: { scale: "x", field: "sigma" }, y: { scale: `y${i}`, field: "value" } };
  return {
    type: "group",
    encode: {
      enter: {
        y: { value: i * (panel.height + panel.gap) },
        width: { value: panel.width },
        height: { value: panel.height },
      },
    },
    signals: [
      { name: "width", value: panel.width },
      { name: "height", value: panel.height },
    ],
    axes: [
      { orient: "left", scale: `y${i}`, title, grid: true, tickCount: 4, format: "~g" },
      {
        orient: "bottom",
        scale: "x",
        grid: true,
        labels: last,
        format: "~g",
        tickCount: 6,
        ...(last ? { title: "scaled noise level σ/α a step starts from" } : {}),
      },
    ],
    marks: [
      {
        type: "group",
        from: { facet: { name: `line${i}`, data: `points${i}`, groupby: "method" } },
        marks: [
          {
            type: "line",
            from: { data: `line${i}` },
            encode: { enter: { ...place, stroke: colour, strokeWidth: { value: 1.6 } } },
          },
          {
            type: "symbol",
            from: { data: `line${i}` },
            encode: { enter: { ...place, fill: colour, size: { value: 20 } } },
          },
        ],
      },
    ],
  };
}
