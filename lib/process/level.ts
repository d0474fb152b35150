/**
 * One noise level x_t = α x_0 + σ ε. Grids are lists of levels and solvers step by index through them, so
 * nothing is ever looked up by a floating-point time.
 */
export interface Level {
  /** The process's own time. */
  readonly t: number;
  /** What the model is told: `t` itself, a table index, ln(σ)/4 … */
  readonly modelTime: number;
  readonly alpha: number;
  readonly sigma: number;
  /** Half-log-SNR ln(α/σ); +∞ where σ = 0. */
  readonly lambda: number;
}

/** Builds a level from α and σ. */
export function level(t: number, modelTime: number, alpha: number, sigma: number): Level {
  return { t, modelTime, alpha, sigma, lambda: sigma === 0 ? Infinity : Math.log(alpha) - Math.log(sigma) };
}

/** Scaled noise level σ̃ = σ/α: the standard deviation of the noise in x/α. */
export function scaledSigma({ alpha, sigma }: Pick<Level, "alpha" | "sigma">): number {
  return sigma / alpha;
}
