import type { Level } from "./level.js";

/** A forward noising process x_t = α_t x_0 + σ_t ε, with t from `tStart` (noisiest) down to `tEnd` (cleanest). */
export interface Process {
  readonly type: "vp-linear" | "vp-discrete" | "edm" | "flow";
  readonly tStart: number;
  readonly tEnd: number;
  /** The level at process time t. */
  at(t: number): Level;
  /** The level with half-log-SNR λ: the inverse of `at(t).lambda`. */
  atLambda(lambda: number): Level;
  /** The level of clean data, σ = 0, to which samplers that "end at zero" take their last step. */
  readonly clean: Level;
  /** Whether α² + σ² = 1 throughout (VP). */
  readonly variancePreserving: boolean;
  /** For discrete-time models: α̅_n of every trained timestep n = 0 … N−1, at which `modelTime` is n. */
  readonly alphasCumulative?: Float64Array;
  /** Standard deviation of the data that EDM preconditioning assumes, where the process has one. */
  readonly sigmaData?: number;
}

/** The level with scaled noise level σ̃ = σ/α: the inverse of {@link scaledSigma}. */
export function atScaledSigma(process: Process, sigma: number): Level {
  return process.atLambda(-Math.log(sigma));
}
