import { z } from "zod";
import type { Vector } from "../device/index.js";
import type { Interval, Run } from "./solver.js";

/** The option of solvers that can spare their first model call. */
export const analyticFirstStep = z
  .boolean()
  .default(false)
  .describe(
    "take x/sqrt(alpha^2 + sigma^2) for the first noise prediction and save one call (AFS): first order in the limit, though little is lost at high noise",
  );

/**
 * The noise prediction for a step, or on the very first, if asked, x/√(α² + σ²): what it is for unit-variance data, and
 * nearly so for any at high noise (Dockhorn et al. 2022, App. C; diff-sampler's `afs`).
 */
export async function noiseOrAnalytic(
  run: Run,
  { from }: Interval,
  into: Vector,
  analytic: boolean,
): Promise<void> {
  if (analytic) run.combine(into, [1 / Math.hypot(from.alpha, from.sigma), run.x]);
  else await run.noise(into, run.x, from);
}
