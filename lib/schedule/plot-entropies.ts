import type { Mark } from "vega";
import { cumulative, type EntropicTime, entropicTime } from "./entropic.js";
import type { PlotPart } from "./plot-part.js";
import type { RiskArtifact } from "./risk-artifact.js";

const heights = { rate: 170, cumulative: 150 };
const points = 240;

/** The entropic times of a risk curve: their rates, and what of each is passed. */
export function entropiesPart(risk: RiskArtifact, low: number, high: number, width: number): PlotPart {
  const times: EntropicTime[] = ["entropic", "rescaled", ...(risk.spectrum ? (["spectral"] as const) : [])];
  return {
    data: { name: "curves", values: times.flatMap((time) => curveOf(risk, time, low, high)) },
    scales: [
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
        range: [heights.rate, 0],
        nice: true,
      },
      { name: "sum", type: "linear", domain: [0, 1], range: [heights.cumulative, 0] },
    ],
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
    panels: [
      {
        height: heights.rate,
        axis: {
          orient: "left",
          scale: "rate",
          title: "rate (log scale)",
          format: ".0e",
          tickCount: 5,
          grid: true,
        },
        mark: lines("rate"),
      },
      {
        height: heights.cumulative,
        axis: { orient: "left", scale: "sum", title: "cumulative", tickCount: 5, grid: true },
        mark: lines("sum"),
      },
    ],
  };
}

/** A time's rate per σ̃ and its integral, at points evenly in ln σ̃. */
function curveOf(risk: RiskArtifact, time: EntropicTime, low: number, high: number) {
  const { curve, rate } = entropicTime(risk, time);
  const clock = cumulative(curve, rate, low, high);
  return Array.from({ length: points }, (_, i) => {
    const sigma = low * (high / low) ** (i / (points - 1));
    return { time, sigma, rate: rate(sigma), sum: Math.min(Math.max(clock.of(sigma), 0), 1) };
  });
}

/** One line per entropic time, of the field that the scale is named after. */
function lines(field: "rate" | "sum"): Mark {
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
            y: { scale: field, field },
            stroke: { value: "#333" },
            strokeWidth: { value: 1.6 },
            strokeDash: { scale: "dash", field: "time" },
          },
        },
      },
    ],
  };
}
