import type { Axis, Mark, Scale, Spec, Title } from "vega";
import { colours, font } from "./render.js";

/** What all plots have in common: the paper, fonts and grid lines. */
export const frame = {
  $schema: "https://vega.github.io/schema/vega/v6.json",
  background: "white",
  padding: 12,
  config: {
    axis: { labelFont: font, titleFont: font, titleFontWeight: "normal", gridColor: "#e6e6e6" },
    legend: { labelFont: font, titleFont: font, labelLimit: 400 },
  },
} as const satisfies Spec;

/** A plot's title, above its left edge. */
export function plotTitle(text: string): Title {
  return { text, anchor: "start", font, fontSize: 14, fontWeight: "normal" };
}

/** A colour for every line; more lines than colours take the first again. */
export function colourScale(lines: string[]): Scale {
  return { name: "colour", type: "ordinal", domain: lines, range: colours };
}

/** Where one of several plots in a frame lies. */
export interface PanelPlace {
  readonly x?: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One of several plots in a frame. */
export function panel({ x, y, width, height }: PanelPlace, axes: Axis[], marks: Mark[]) {
  return {
    type: "group",
    encode: {
      enter: {
        ...(x === undefined ? {} : { x: { value: x } }),
        y: { value: y },
        width: { value: width },
        height: { value: height },
      },
    },
    // Grid lines are as long as these say, not as the group is.
    signals: [
      { name: "width", value: width },
      { name: "height", value: height },
    ],
    axes,
    marks,
  } as const satisfies Mark;
}
