import type { Mark, Scale, Spec } from "vega";
import { colourScale, frame, panel, plotTitle } from "../../plot/index.js";
import type { Trace, TraceStep } from "../trace.js";

const size = { width: 560, height: 120, gap: 30 };

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
  const pitch = size.height + size.gap;
  return {
    ...frame,
    width: size.width,
    height: drawn.length * pitch,
    title: { ...plotTitle(title), offset: 14 },
    data: drawn.map(({ points }, i) => ({ name: `points${i}`, values: points })),
    scales: [
      {
        name: "x",
        type: "log",
        domain: [Math.min(...sigmas), Math.max(...sigmas)],
        range: "width",
        reverse: true,
      },
      colourScale(methods),
      ...drawn.map(
        ({ scale }, i) =>
          ({
            name: `y${i}`,
            type: scale,
            domain: { data: `points${i}`, field: "value" },
            range: [size.height, 0],
            nice: true,
            zero: false,
          }) as Scale,
      ),
    ],
    legends: [{ stroke: "colour", symbolType: "stroke", symbolSize: 300 }],
    marks: drawn.map((quantity, i) => panelMark(i, quantity.title, i === drawn.length - 1)),
  };
}

function panelMark(i: number, title: string, last: boolean): Mark {
  const colour = { scale: "colour", field: "method" };
  const place = { x: { scale: "x", field: "sigma" }, y: { scale: `y${i}`, field: "value" } };
  return panel(
    { y: i * (size.height + size.gap), width: size.width, height: size.height },
    [
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
    [
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
  );
}
