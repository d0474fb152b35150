// Draws docs/images/results-MODEL.svg: Fréchet distance against model calls, a panel per schedule, with 95 % intervals.
import { writeFileSync } from "node:fs";
import { parse, View, Warn } from "vega";
import { solverName, solverRequests, tables } from "./papers/choice.mjs";
import { measuredModels } from "./saved.mjs";

const [table] = tables;
const font = "DejaVu Sans, Helvetica, Arial, sans-serif";
const [width, height, gap] = [270, 190, 80];
const colours = ["#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7"];

/** One point a cell: {panel, solver, nfe, value, low, high}. */
function points({ results }) {
  return results.tables[table.id].blocks.flatMap(({ title, rows }) =>
    rows.flatMap(({ method, cells }) =>
      cells.flatMap((cell, i) => {
        if (!cell?.fd) return [];
        const [value, low, high] = cell.fd;
        return [{ panel: title, solver: solverName(method), nfe: table.columns[i], value, low, high }];
      }),
    ),
  );
}

function figure(name, values) {
  const panels = table.blocks.map(({ title }) => title);
  const place = { x: { scale: "x", field: "nfe" }, y: { scale: "y", field: "value" } };
  const stroke = { scale: "colour", field: "solver" };
  const bounds = [Math.min(...values.map((v) => v.low)), Math.max(...values.map((v) => v.high))];
  return {
    background: "white",
    padding: 12,
    width: 2 * width + gap,
    height: 2 * height + gap,
    title: { text: `${name}: Fréchet distance to held-out images`, font, fontWeight: "normal" },
    config: {
      axis: { labelFont: font, titleFont: font, titleFontWeight: "normal", gridColor: "#e6e6e6" },
      legend: { labelFont: font },
    },
    data: [{ name: "cells", values }],
    scales: [
      { name: "x", type: "log", base: 2, domain: [4, 20], range: [0, width], nice: false },
      { name: "y", type: "log", domain: bounds, range: [height, 0] },
      {
        name: "colour",
        type: "ordinal",
        domain: Object.values(solverRequests).map(({ name }) => name),
        range: colours,
      },
    ],
    legends: [{ stroke: "colour", symbolType: "stroke", symbolSize: 500, orient: "right" }],
    marks: panels.map((panel, i) => ({
      type: "group",
      title: { text: panel, font, fontWeight: "normal", fontSize: 12 },
      signals: [
        { name: "width", value: width },
        { name: "height", value: height },
      ],
      encode: {
        enter: {
          x: { value: (i % 2) * (width + gap) },
          y: { value: Math.floor(i / 2) * (height + gap) },
          width: { value: width },
          height: { value: height },
        },
      },
      axes: [
        {
          orient: "bottom",
          scale: "x",
          grid: true,
          values: table.columns,
          format: "d",
          title: "model calls",
        },
        { orient: "left", scale: "y", grid: true, tickCount: 5, format: "~g" },
      ],
      data: [
        {
          name: `panel${i}`,
          source: "cells",
          transform: [{ type: "filter", expr: `datum.panel === '${panel}'` }],
        },
      ],
      marks: [
        {
          type: "group",
          from: { facet: { name: `line${i}`, data: `panel${i}`, groupby: "solver" } },
          marks: [
            {
              type: "line",
              from: { data: `line${i}` },
              encode: { enter: { ...place, stroke, strokeWidth: { value: 1.6 } } },
            },
            {
              type: "rule",
              from: { data: `line${i}` },
              encode: {
                enter: {
                  x: place.x,
                  y: { scale: "y", field: "low" },
                  y2: { scale: "y", field: "high" },
                  stroke,
                },
              },
            },
          ],
        },
      ],
    })),
  };
}

for (const model of measuredModels()) {
  if (
    !model.results.tables[table.id]?.blocks.some(({ rows }) =>
      rows.some(({ cells }) => cells.some((c) => c?.fd)),
    )
  )
    continue;
  const view = new View(parse(figure(model.name, points(model))), { renderer: "none", logLevel: Warn });
  const path = new URL(`../../docs/images/results-${model.name}.svg`, import.meta.url);
  writeFileSync(path, await view.toSVG());
  view.finalize();
}
