import { atScaledSigma, scaledSigma } from "../process/index.js";
import type { RiskCurve } from "./risk-curve.js";
import type { TimeBetween } from "./schedule.js";

/** arctan(σ̃/c): optimal for data N(0, c² I) (ETS Eq. 6; Sabour et al. 2024, Theorem 3.1). */
export function gaussianOptimalTime(c: number): TimeBetween {
  return (process) => ({
    of: (level) => Math.atan(scaledSigma(level) / c),
    at: (angle) => atScaledSigma(process, c * Math.tan(angle)),
  });
}

/**
 * The c whose Gaussian risk a σ̃²/(c² + σ̃²) comes nearest to a measured curve in least squares over ln σ̃; a is free,
 * so the number of dimensions need not be known. For N(0, c² I) it is c.
 */
export function gaussianScale({ sigma, risk }: RiskCurve): number {
  const count = sigma.length;
  const weights = Float64Array.from(sigma, (_, i) =>
    Math.log(sigma[Math.min(i + 1, count - 1)]! / sigma[Math.max(i - 1, 0)]!),
  );
  const squares = Float64Array.from(sigma, (value) => value ** 2);
  const shape = new Float64Array(count);
  // Some 150 times over all levels, and a grid waits for it: plain loops, which take a tenth of the time of lists.
  const misfit = (logC: number) => {
    const c2 = Math.exp(2 * logC);
    let overlap = 0;
    let norm = 0;
    for (let i = 0; i < count; i++) {
      const s = squares[i]! / (c2 + squares[i]!);
      shape[i] = s;
      overlap += weights[i]! * s * risk[i]!;
      norm += weights[i]! * s * s;
    }
    const factor = overlap / norm;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const difference = risk[i]! - factor * shape[i]!;
      sum += weights[i]! * (difference * difference);
    }
    return sum;
  };
  // A scan finds the valley, golden section its floor.
  const [low, high] = [Math.log(sigma[0]!), Math.log(sigma.at(-1)!)];
  const scan = Array.from({ length: 65 }, (_, i) => low + ((high - low) * i) / 64);
  const at = scan.map(misfit).reduce((best, value, i, all) => (value < all[best]! ? i : best), 0);
  return Math.exp(goldenSection(misfit, scan[Math.max(at - 1, 0)]!, scan[Math.min(at + 1, 64)]!));
}

function goldenSection(f: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  while (b - a > 1e-9) {
    const [left, right] = [b - ratio * (b - a), a + ratio * (b - a)];
    if (f(left) < f(right)) b = right;
    else a = left;
  }
  return (a + b) / 2;
}
