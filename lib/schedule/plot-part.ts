import type { Axis, Data, Legend, Mark, Scale } from "vega";

/** Panels over the noise levels, and what they are drawn from. */
export interface PlotPart {
  readonly data: Data;
  readonly scales: readonly Scale[];
  readonly legends: readonly Legend[];
  readonly panels: readonly { readonly height: number; readonly axis: Axis; readonly mark: Mark }[];
}
