import { z } from "zod";
import type { PredictionForm } from "../../process/index.js";
import type { LowerOrderFinal } from "../prediction-history.js";
import type { MeasuredOrder } from "../solver.js";

/** Names and options that the members of the DPM-Solver family share. */

export const solverName = (prediction: PredictionForm) =>
  prediction === "data" ? "dpm-solver++" : "dpm-solver";

export const solverTitle = (prediction: PredictionForm) =>
  prediction === "data" ? "DPM-Solver++" : "DPM-Solver";

export const lowerOrderFinal = z
  .union([z.boolean(), z.literal("last")])
  .default(true)
  .describe('end with orders ..., 2, 1; "last" lowers the last step only; false keeps the order');

export const correction = z
  .enum(["midpoint", "heun"])
  .default("midpoint")
  .describe("second-order term: half of the first-order one, or its exact integral (upstream's taylor)");

/** Lowering leaves a first-order last step, whose O(h²) error bounds the order of the whole. */
export function loweredOrder(order: number, lowered: LowerOrderFinal): MeasuredOrder | undefined {
  if (lowered === false || order <= 2) return undefined;
  return { order: 2, reason: `the last step is first order; ${order} with lowerOrderFinal false` };
}

/** Of third-order steps that give the second derivative half its weight. */
export const halvedDerivative: MeasuredOrder = {
  order: 2,
  reason: "the published weight of the second derivative is half of the right one",
};
