import { type Level, level } from "../process/index.js";
import type { TrainedTable } from "./trained.js";

/*
 * diffusers rounds timesteps but keeps sigmas: the model is told one noise level and the solver believes another.
 * Levels here hold both, `modelTime` what the model is told, α and σ what the solver reckons with.
 */

/** VP at a scaled noise level σ̃ = σ/α, as the schedulers with a `sigmas` array have it. */
export function sigmaLevel({ timesteps }: TrainedTable, sigma: number, timestep: number): Level {
  const alpha = 1 / Math.sqrt(sigma * sigma + 1);
  return level((timestep + 1) / timesteps, timestep, alpha, sigma * alpha);
}

/** A timestep of the trained table. */
export function tableLevel({ alphasCumulative, timesteps }: TrainedTable, timestep: number): Level {
  const squared = alphasCumulative[timestep]!;
  return level((timestep + 1) / timesteps, timestep, Math.sqrt(squared), Math.sqrt(1 - squared));
}

/** Clean data. */
export const clean: Level = level(0, 0, 1, 0);
