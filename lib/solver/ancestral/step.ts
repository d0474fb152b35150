import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { type Level, scaledSigma } from "../../process/index.js";
import type { Interval, Run, Term } from "../solver.js";

export const eta = (share: number) =>
  z.number().min(0).max(1).default(share).describe("share of ancestral noise: 0 is the ODE");

/** Options of every ancestral sampler. */
export const ancestralOptions = {
  eta: eta(1),
  noiseScale: z.number().positive().default(1).describe("s_noise: standard deviation of the added noise"),
};

/**
 * An ancestral step in σ̃ = σ/α (k-diffusion): an ODE step down to σ̃_down, then noise up to σ̃_t,
 * σ̃_up = min(σ̃_t, η √(σ̃_t² (σ̃_s² − σ̃_t²)/σ̃_s²)), σ̃_down² = σ̃_t² − σ̃_up².
 */
export interface AncestralStep {
  /** σ̃_down at the α of the target, so that an ODE step to it already is in the target's x. */
  readonly down: Level;
  /** Standard deviation of the fresh noise in x at the target. */
  readonly up: number;
}

export function ancestralStep({ from, to }: Interval, eta: number): AncestralStep {
  if (eta === 0 || to.sigma === 0) return { down: to, up: 0 };
  const [above, target] = [scaledSigma(from), scaledSigma(to)];
  const up = Math.min(target, eta * target * Math.sqrt(1 - (target / above) ** 2));
  return { down: atNoise(to, Math.sqrt(target * target - up * up)), up: to.alpha * up };
}

/** Fresh normals times a deviation, drawn into z; no term and no draw where the deviation is 0. */
export function freshNoise(run: Run, z: Vector, deviation: number): Term[] {
  if (deviation === 0) return [];
  run.normals(z);
  return [[deviation, z]];
}

/** The level of another scaled noise level at the same α. */
export function atNoise(level: Level, sigma: number): Level {
  return { ...level, sigma: level.alpha * sigma, lambda: -Math.log(sigma) };
}
