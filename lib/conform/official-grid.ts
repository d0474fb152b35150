import { z } from "zod";
import type { GridRequest } from "../schedule/index.js";
import { Unsupported } from "./adapter.js";
import type { GoldenCase } from "./golden.js";

/** How the official DPM-Solver code and its descendants name their time grids. */
export const officialSkip = z.strictObject({
  skip_type: z.enum(["logSNR", "time_uniform", "time_quadratic", "edm"]).nullable(),
  t_start: z.number(),
  t_end: z.number(),
  rho: z.number().nullish(),
});

const names = {
  logSNR: "log-snr",
  time_uniform: "time-uniform",
  time_quadratic: "time-quadratic",
  edm: "edm",
} as const;

/** The grid by our own rule of the same name; by its recorded times where the reference built it in float32. */
export function officialGrid(
  golden: GoldenCase,
  { skip_type, rho }: z.infer<typeof officialSkip>,
  final: "min" | "zero" = "min",
): GridRequest {
  if (golden.dtype !== "float64")
    return { t: [...(golden.timesteps ?? []), ...(final === "zero" ? [0] : [])] };
  if (skip_type === null) throw new Unsupported("schedule.skip_type null");
  return { schedule: names[skip_type], ...(skip_type === "edm" && rho ? { rho } : {}), final };
}
