// Panels of lines against model calls, two beside each other, with one legend.
import { font, frame, panel, renderSvg } from "../dist/plot/index.js";

const [width, gap] = [270, 80];

/**
 * SVG text. Every value is {panel, line, nfe, value, low, high}; both axes are logarithmic.
 *
 * @param panels titles, in the order in which they stand
 * @param colours colour of every line by its name
 * @param calls numbers of model calls that the axis names
 * @param interval "whiskers" or "band" from low to high
 */
export function panelPlot({ title, values, panels, colours, calls, bounds, interval, height, valueTitle }) {
  const colour = { scale: "colour", field: "line" };
  const extent = {
    x: { scale: "x", field: "nfe" },
    y: { scale: "y", field: "low" },
    y2: { scale: "y", field: "high" },
  };
  const line = (thickness) => ({
    type: "line",
    encode: {
      enter: {
        x: { scale: "x", field: "nfe" },
        y: { scale: "y", field: "value" },
        stroke: colour,
        strokeWidth: { value: thickness },
      },
    },
  });
  const marks = {
    whiskers: [line(1.6), { type: "rule", encode: { enter: { ...extent, stroke: colour } } }],
    band: [
      { type: "area", encode: { enter: { ...extent, fill: colour, fillOpacity: { value: 0.15 } } } },
      line(1.8),
    ],
  }[interval];
  return renderSvg({
    ...frame,
    width: 2 * width + gap,
    height: 2 * height + gap,
    ...(title ? { title: { text: title, font, fontWeight: "normal" } } : {}),
    data: [{ name: "cells", values }],
    scales: [
      {
        name: "x",
        type: "log",
        base: 2,
        domain: [Math.min(...calls), Math.max(...calls)],
        range: [0, width],
        nice: false,
      },
      { name: "y", type: "log", domain: bounds, range: [height, 0] },
      { name: "colour", type: "ordinal", domain: Object.keys(colours), range: Object.values(colours) },
    ],
    legends: [{ stroke: "colour", symbolType: "stroke", symbolSize: 500, orient: "right" }],
    marks: panels.map((title, i) => ({
      ...panel(
        { x: (i % 2) * (width + gap), y: Math.floor(i / 2) * (height + gap), width, height },
        [
          { orient: "bottom", scale: "x", grid: true, values: calls, format: "d", title: "model calls" },
          {
            orient: "left",
            scale: "y",
            grid: true,
            tickCount: 5,
            format: "~g",
            ...(valueTitle ? { title: valueTitle } : {}),
          },
        ],
        [
          {
            type: "group",
            from: { facet: { name: `line${i}`, data: `panel${i}`, groupby: "line" } },
            marks: marks.map((mark) => ({ ...mark, from: { data: `line${i}` } })),
          },
        ],
      ),
      title: { text: title, font, fontWeight: "normal", fontSize: 12 },
      data: [
        {
          name: `panel${i}`,
          source: "cells",
          transform: [{ type: "filter", expr: `datum.panel === '${title}'` }],
        },
      ],
    })),
  });
}
