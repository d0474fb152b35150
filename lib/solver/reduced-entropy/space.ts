import { type Level, scaledSigma } from "../../process/index.js";
import type { Step } from "../solver.js";

/** The variables in which a formula that is not invariant is read: the process's own, or x/α, σ̃ = σ/α and t = σ̃. */
export type Space = "process" | "scaled";

/** A level in those variables. */
export function inSpace(at: Level, space: Space): Level {
  if (space === "process") return at;
  const sigma = scaledSigma(at);
  return { t: sigma, modelTime: at.modelTime, alpha: 1, sigma, lambda: at.lambda };
}

/** What turns coefficients in those variables into coefficients on x: `keep` for x, `lift` for predictions. */
export function outOfSpace({ from, to }: Step, space: Space): { keep: number; lift: number } {
  return space === "scaled" ? { keep: to.alpha / from.alpha, lift: to.alpha } : { keep: 1, lift: 1 };
}

/** k_t − k_s with k = α/σ, the step over which data prediction is integrated; the same in both variables. */
export function kappaStep(from: Level, to: Level): number {
  return to.alpha / to.sigma - from.alpha / from.sigma;
}
