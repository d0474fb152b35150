import { z } from "zod";
import { scaledSigma } from "../process/index.js";
import type { GridRequest } from "../schedule/index.js";
import { officialProcess, Unsupported } from "./adapter.js";
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

type OfficialSkip = z.infer<typeof officialSkip>;

/** The grid by our own rule of the same name; by its recorded times where the reference built it in float32. */
export function officialGrid(
  golden: GoldenCase,
  skip: OfficialSkip,
  final: "min" | "zero" = "min",
): GridRequest {
  const { skip_type, rho } = skip;
  if (golden.dtype !== "float64")
    return { t: [...(golden.timesteps ?? []), ...(final === "zero" ? [0] : [])] };
  if (skip_type === null) throw new Unsupported("schedule.skip_type null");
  return {
    schedule: names[skip_type],
    ...(skip_type === "edm" && rho ? { rho } : {}),
    ...officialEnds(golden, skip),
    final,
  };
}

/** Where a grid begins and ends, if not where the process does. */
export function officialEnds(
  golden: GoldenCase,
  { t_start, t_end }: OfficialSkip,
): { sigmaMax?: number; sigmaMin?: number } {
  const process = officialProcess(golden);
  return {
    ...(t_start === process.tStart ? {} : { sigmaMax: scaledSigma(process.at(t_start)) }),
    ...(t_end === process.tEnd ? {} : { sigmaMin: scaledSigma(process.at(t_end)) }),
  };
}
