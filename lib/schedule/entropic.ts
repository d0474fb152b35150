import { QuenchError } from "../errors.js";
import { atScaledSigma, scaledSigma } from "../process/index.js";
import { monotoneCubic } from "./monotone-cubic.js";
import type { RiskArtifact } from "./risk-artifact.js";
import { type CurveOptions, curveThrough, type RiskCurve, riskCurve } from "./risk-curve.js";
import type { TimeBetween } from "./schedule.js";

/** The three times of ETS: conditional entropy, rescaled, and rescaled per frequency. */
export type EntropicTime = "entropic" | "rescaled" | "spectral";

/**
 * How the cumulative is formed: Simpson's rule in ln σ̃ over the interpolated curve, or the paper's left Riemann sum
 * over the measured levels (ETS, Algorithm 2).
 */
export type Quadrature = "simpson" | "left";

/** A strictly increasing function of the scaled noise level. */
export interface NoiseCoordinate {
  of(sigma: number): number;
  sigmaAt(value: number): number;
}

/**
 * Rate of a time in σ̃: dH/dσ̃ = E²/σ̃³ (ETS Eq. 13), and E²/σ̃² rescaled by σ̃. It is a function of σ̃ alone, so the
 * grid is the same whatever time the process is written in (ETS Theorem 5.2).
 */
export function entropyRate(curve: RiskCurve, time: "entropic" | "rescaled"): (sigma: number) => number {
  const power = time === "entropic" ? 3 : 2;
  return (sigma) => curve.at(sigma) / sigma ** power;
}

/**
 * The curve whose rescaled entropy is the spectral one: φ = Σ_f A_f H̃_f / Σ_f A_f with each H̃_f scaled to 1 over
 * the measured range is an integral of one weighted sum of the E_f² (ETS Section 5.4).
 * @throws QuenchError INVALID_ARGUMENT where the artifact has no spectrum
 */
export function spectralCurve(artifact: RiskArtifact, options: CurveOptions = {}): RiskCurve {
  const { sigma, spectrum } = artifact;
  if (!spectrum) {
    throw new QuenchError("INVALID_ARGUMENT", "the risk curve has no spectrum; measure one with --spectral", {
      where: "risk.spectrum",
    });
  }
  const ceiling = options.ceiling ?? artifact.curve?.ceiling ?? true;
  const errorAt = (level: number, f: number) => {
    const error = spectrum.squaredError[level]![f]!;
    return ceiling ? Math.min(error, spectrum.variance[f]!) : error;
  };
  const combined = new Array<number>(sigma.length).fill(0);
  for (const [f, amplitude] of spectrum.amplitude.entries()) {
    // H̃_f over the range, by the trapezoid rule in ln σ̃: ∫ E²/σ̃ d ln σ̃.
    let total = 0;
    for (let i = 1; i < sigma.length; i++) {
      const ends = errorAt(i - 1, f) / sigma[i - 1]! + errorAt(i, f) / sigma[i]!;
      total += 0.5 * ends * Math.log(sigma[i]! / sigma[i - 1]!);
    }
    if (total === 0) continue;
    const weight = (spectrum.multiplicity[f]! * amplitude) / total;
    for (let level = 0; level < sigma.length; level++) combined[level]! += weight * errorAt(level, f);
  }
  return curveThrough(sigma, combined, { monotone: options.monotone ?? artifact.curve?.monotone ?? false });
}

/** The curve and the rate of one of the three times. */
export function entropicTime(artifact: RiskArtifact, time: EntropicTime, options: CurveOptions = {}) {
  const curve = time === "spectral" ? spectralCurve(artifact, options) : riskCurve(artifact, options);
  return { curve, rate: entropyRate(curve, time === "entropic" ? "entropic" : "rescaled") };
}

/** Cells of Simpson's rule between two measured levels. */
const cells = 8;

/** The integral of a rate over [sigmaMin, sigmaMax], from 0 to 1. */
export function cumulative(
  { sigma }: RiskCurve,
  rate: (sigma: number) => number,
  sigmaMin: number,
  sigmaMax: number,
  quadrature: Quadrature = "simpson",
): NoiseCoordinate {
  const inside = sigma.filter((value) => value > sigmaMin && value < sigmaMax);
  const knots = [sigmaMin, ...inside, sigmaMax];
  const logs: number[] = [Math.log(sigmaMin)];
  const sums: number[] = [0];
  const perLog = (log: number) => rate(Math.exp(log)) * Math.exp(log);
  const push = (log: number, more: number) => {
    const sum = sums.at(-1)! + more;
    // Where a rate is lost in rounding the time stands still; an inverse needs it to move.
    if (sum > sums.at(-1)!) {
      logs.push(log);
      sums.push(sum);
    }
  };
  for (let i = 1; i < knots.length; i++) {
    const [low, high] = [knots[i - 1]!, knots[i]!];
    if (quadrature === "left") {
      push(Math.log(high), rate(low) * (high - low));
      continue;
    }
    const [start, end] = [Math.log(low), Math.log(high)];
    const h = (end - start) / cells;
    for (let cell = 0; cell < cells; cell++) {
      const [a, b] = [start + cell * h, cell === cells - 1 ? end : start + (cell + 1) * h];
      push(b, ((b - a) / 6) * (perLog(a) + 4 * perLog((a + b) / 2) + perLog(b)));
    }
  }
  const total = sums.at(-1)!;
  if (!(total > 0) || !Number.isFinite(total)) {
    throw new QuenchError(
      "INVALID_ARGUMENT",
      `the risk between ${sigmaMin} and ${sigmaMax} is too small or too large to tell time by`,
      { where: "risk" },
    );
  }
  const scaled = sums.map((sum) => sum / total);
  const forward = monotoneCubic(logs, scaled);
  const backward = monotoneCubic(scaled, logs);
  return { of: (level) => forward(Math.log(level)), sigmaAt: (value) => Math.exp(backward(value)) };
}

/** An entropic time of the model, from 0 to 1 over the grid. */
export function timeOfEntropy(
  artifact: RiskArtifact,
  time: EntropicTime,
  options: CurveOptions & { readonly quadrature?: Quadrature | undefined } = {},
): TimeBetween {
  const { curve, rate } = entropicTime(artifact, time, options);
  return (process, from, to) => {
    const clock = cumulative(curve, rate, scaledSigma(to), scaledSigma(from), options.quadrature);
    return {
      of: (level) => Math.min(Math.max(clock.of(scaledSigma(level)), 0), 1),
      at: (time) => atScaledSigma(process, clock.sigmaAt(time)),
    };
  };
}
