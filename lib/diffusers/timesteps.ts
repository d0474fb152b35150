import { requireArgument, requireInteger } from "../errors.js";
import { roundHalfEven } from "../schedule/round-half-even.js";
import { linspace } from "./numpy.js";

/** Where diffusers puts timesteps (Lin et al. 2024, Table 2). */
export type Spacing = "linspace" | "leading" | "trailing";

export interface SpacingRule {
  readonly timestep_spacing: Spacing;
  readonly steps_offset: number;
}

/**
 * Timesteps of the schedulers that take one step per timestep down to and past the last of them: DDIM, DDPM, PNDM and,
 * unrounded on linspace, those in sigma. Noisiest first.
 * @throws QuenchError INVALID_ARGUMENT for more steps than timesteps: their stride would be none
 */
export function timesteps(
  { timestep_spacing, steps_offset }: SpacingRule,
  trained: number,
  steps: number,
): number[] {
  requireInteger(steps, "steps", { most: trained });
  const unrounded = unroundedTimesteps({ timestep_spacing, steps_offset }, trained, steps);
  return timestep_spacing === "linspace" ? unrounded.map(roundHalfEven) : unrounded;
}

/** The same for schedulers in sigma, which keep the fractions of linspace. */
export function unroundedTimesteps(
  { timestep_spacing, steps_offset }: SpacingRule,
  trained: number,
  steps: number,
): number[] {
  if (timestep_spacing === "linspace") return linspace(0, trained - 1, steps).reverse();
  if (timestep_spacing === "trailing") return trailing(trained, trained, steps);
  return leading(Math.floor(trained / steps), steps, steps_offset, 0, trained);
}

/**
 * Timesteps of the multistep schedulers (DPM-Solver, UniPC, DEIS): one more is placed and the cleanest dropped, so
 * that the last step ends where there is no timestep.
 * @param last one past the noisiest timestep used
 */
export function multistepTimesteps(
  { timestep_spacing, steps_offset }: SpacingRule,
  trained: number,
  steps: number,
  last = trained,
): number[] {
  if (timestep_spacing === "linspace") {
    return linspace(0, last - 1, steps + 1)
      .slice(1)
      .map(roundHalfEven)
      .reverse();
  }
  if (timestep_spacing === "trailing") return trailing(last, trained, steps);
  return leading(Math.floor(last / (steps + 1)), steps, steps_offset, 1, trained);
}

function leading(stride: number, steps: number, offset: number, first: number, trained: number): number[] {
  const result = Array.from({ length: steps }, (_, i) => (steps - 1 - i + first) * stride + offset);
  requireArgument(
    result[0]! < trained,
    "steps_offset",
    `expected timesteps below ${trained}, received ${result[0]} with steps_offset ${offset}`,
  );
  return result;
}

function trailing(last: number, trained: number, steps: number): number[] {
  const stride = trained / steps;
  const count = Math.ceil(last / stride - 1e-9);
  const change = last - stride - last; // numpy.arange's own rounding, which decides ties
  return Array.from({ length: count }, (_, i) => roundHalfEven(last + i * change) - 1);
}
