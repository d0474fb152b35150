import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { atScaledSigma, type Level, type Process, scaledSigma } from "../../process/index.js";
import type { Run, Step } from "../solver.js";

/** Options of EDM's stochasticity, in scaled noise levels σ̃ = σ/α. */
export const churnOptions = {
  churn: z.number().nonnegative().default(0).describe("S_churn: noise added over all steps; 0 is the ODE"),
  churnMin: z.number().nonnegative().default(0).describe("S_min: no noise is added below this level"),
  churnMax: z.number().positive().default(Infinity).describe("S_max: no noise is added above this level"),
  churnNoise: z.number().positive().default(1).describe("S_noise: standard deviation of the added noise"),
};

export interface Churn {
  readonly churn: number;
  readonly churnMin: number;
  readonly churnMax: number;
  readonly churnNoise: number;
}

/** A vector for the noise, where any will be added. */
export function churnVector(run: Run, { churn }: Churn): Vector | undefined {
  return churn > 0 ? run.vectors(1)[0] : undefined;
}

/**
 * Lifts the state to the raised level before a step (Karras et al. 2022, Algorithm 2, lines 4–6) and returns the step
 * that starts there. Normals are drawn at every step, so that a step's noise does not depend on S_min and S_max.
 */
export function raiseNoise(run: Run, step: Step, z: Vector | undefined, churn: Churn): Step {
  if (!z) return step;
  run.normals(z);
  const raised = churned(run.process, step.from, run.steps.length, churn);
  if (raised === step.from) return step;
  run.combine(
    run.x,
    [raised.alpha / step.from.alpha, run.x],
    [addedNoise(step.from, raised) * churn.churnNoise, z],
  );
  return { ...step, from: raised, h: step.to.lambda - raised.lambda };
}

/** γ = min(S_churn/N, √2 − 1) where σ̃ is inside [S_min, S_max], 0 elsewhere (line 3). */
export function churnGamma(sigma: number, steps: number, { churn, churnMin, churnMax }: Churn): number {
  return sigma >= churnMin && sigma <= churnMax ? Math.min(churn / steps, Math.SQRT2 - 1) : 0;
}

/** The level σ̂ = σ + γ σ (line 5), on a table of timesteps at most the noisiest that was trained. */
function churned(process: Process, from: Level, steps: number, options: Churn): Level {
  const sigma = scaledSigma(from);
  const most = process.alphasCumulative ? scaledSigma(process.at(process.tStart)) : Infinity;
  const raised = Math.min(sigma * (1 + churnGamma(sigma, steps, options)), most);
  return raised > sigma ? atScaledSigma(process, raised) : from;
}

/** Standard deviation, in x at the raised level, of the noise that lifts one level to the other. */
function addedNoise(from: Level, raised: Level): number {
  const [low, high] = [scaledSigma(from), scaledSigma(raised)];
  return raised.alpha * Math.sqrt(Math.max(0, high * high - low * low));
}
