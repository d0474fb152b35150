import type { FoundSchedule } from "./find.js";
import type { PlotPart } from "./plot-part.js";

const heightOfOne = 24;

/** A strip for every schedule, with a line where each of its noise levels lies. */
export function nodesPart(schedules: readonly FoundSchedule[]): PlotPart {
  const values = schedules.flatMap(({ method, sigma }) =>
    sigma.filter((value) => value > 0).map((value) => ({ method, sigma: value })),
  );
  const methods = schedules.map(({ method }) => method);
  const height = Math.max(1, schedules.length) * heightOfOne;
  return {
    data: { name: "nodes", values },
    scales: [{ name: "method", type: "band", domain: methods, range: [0, height], padding: 0.3 }],
    legends: [],
    panels: [
      {
        height,
        axis: { orient: "left", scale: "method", domain: false, ticks: false, labelPadding: 8 },
        mark: {
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
      },
    ],
  };
}
