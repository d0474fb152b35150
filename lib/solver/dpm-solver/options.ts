import { z } from "zod";
import type { Prediction } from "../exponential-step.js";

/** Names and options that the members of the DPM-Solver family share. */

export const solverName = (prediction: Prediction) => (prediction === "data" ? "dpm-solver++" : "dpm-solver");

export const solverTitle = (prediction: Prediction) =>
  prediction === "data" ? "DPM-Solver++" : "DPM-Solver";

export const lowerOrderFinal = z
  .union([z.boolean(), z.literal("last")])
  .default(true)
  .describe('end with orders ..., 2, 1; "last" lowers the last step only; false keeps the order');

export const correction = z
  .enum(["midpoint", "heun"])
  .default("midpoint")
  .describe("second-order term: half of the first-order one, or its exact integral (upstream's taylor)");
