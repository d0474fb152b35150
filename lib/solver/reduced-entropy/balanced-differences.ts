import { clamp, logistic, ratioOrOne } from "./ratio.js";

/** What the formulas know of a step, the same for all rows. */
export interface StepConstants {
  readonly h: number;
  /** σ_t, and ρ = σ_t/σ_s. */
  readonly sigma: number;
  readonly rho: number;
  /** By how much the step before exceeds this one. */
  readonly r: number;
  /** b of a and c, and the share w in them of what is measured. */
  readonly balance: number;
  readonly weight: number;
  /** What takes coefficients in the formulas' variables to coefficients on x, and on predictions. */
  readonly keep: number;
  readonly lift: number;
}

/** Inner products of m0, d = m0 − m1 and u = m_t − m0. */
export type DifferenceProducts = Readonly<Record<"m0m0" | "m0d" | "m0u" | "dd" | "du" | "uu", number>>;

/** What a row's inner products decide: its factors, and the coefficients of x_P, m_t, m1 and m0 that follow. */
export interface RowCorrection {
  a: number;
  c: number;
  eta: number;
  zeta: number;
  /** η* and ζ* before they are clipped. */
  etaStar: number;
  zetaStar: number;
  readonly coefficients: [number, number, number, number];
}

/**
 * EVODiff's correction as its authors' EDM sampler computes it, with clip(z) = clamp(z, −2, 2). Balanced differences
 * D1 = m0 − a m1 and D2 = m_t − c m0 take the place of plain ones, and
 *
 *     η* = ½ clip(⟨V+U, V−U⟩/⟨V−U, V−U⟩),  U = D1/(r h),  V = r D2/h,       η = ½ logistic|η*|
 *     B  = r (1−η) D2 − (η/r) D1
 *     ζ* = clip(⟨P, D1⟩/⟨D1, D1⟩)/(h σ_t),  P = (σ_t h/(2 r_i)) (D1 − B),   ζ = logistic(|ζ*| − μ)
 *     x_t = x_E + (σ_t h/(2ζ)) B = x_P + (σ_t h/(2ζ)) B − (σ_t h/(2 r_i)) D1,
 *
 * with x_E the DDIM step and x_P the probe.
 *
 * All of it follows from the three inner products of D1 and D2, and those from the Gram matrix of (m0, d, u),
 * d = m0 − m1, u = m_t − m0: late in sampling the predictions are nearly equal, a − 1, c − 1, D1 and D2 are small
 * differences of large things, and in this basis they are formed element by element, where nothing cancels.
 * @param products of (m0, d, u)
 * @param into the result; the caller's, so that a step's arithmetic makes no garbage
 */
export function correctRow(
  now: StepConstants,
  { shift, longRun }: { readonly shift: number; readonly longRun: boolean },
  aMinusOne: number,
  { m0m0, m0d, m0u, dd, du, uu }: DifferenceProducts,
  into: RowCorrection,
): void {
  const { h, sigma, r, lift } = now;
  const a = 1 + aMinusOne;
  const cMinusOne = balanceMinusOne(now, m0u, m0m0);
  const c = 1 + cMinusOne;

  // D1 = a d − (a−1) m0 and D2 = u − (c−1) m0.
  const d1d1 = a * a * dd - 2 * a * aMinusOne * m0d + aMinusOne * aMinusOne * m0m0;
  const d1d2 = a * (du - cMinusOne * m0d) - aMinusOne * (m0u - cMinusOne * m0m0);
  const d2d2 = uu - 2 * cMinusOne * m0u + cMinusOne * cMinusOne * m0m0;

  // V and U, both times r h: r² D2 and D1.
  const vv = r ** 4 * d2d2;
  const vu = r * r * d1d2;
  const etaRatio = ratioOrOne(vv - d1d1, vv - 2 * vu + d1d1);
  const eta = 0.5 * logistic(Math.abs(0.5 * clip(etaRatio)));

  const bd1 = r * (1 - eta) * d1d2 - (eta / r) * d1d1;
  const onProbe = probeWeight(now, a);
  const zetaRatio = ratioOrOne(onProbe * (d1d1 - bd1), d1d1);
  const shifted = Math.abs(clip(zetaRatio) / (h * sigma)) - shift;
  const zeta = logistic(longRun ? -shifted * consistency(now, m0d, dd) : shifted);

  // (σ_t h/(2ζ)) B − (σ_t h/(2 r_i)) D1 as onD1 D1 + onD2 D2.
  const weight = (sigma * h) / (2 * zeta);
  const onD1 = (-weight * eta) / r - onProbe;
  const onD2 = weight * r * (1 - eta);
  into.coefficients[0] = 1;
  into.coefficients[1] = lift * onD2;
  into.coefficients[2] = -lift * onD1 * a;
  into.coefficients[3] = lift * (onD1 - onD2 * c);
  into.a = a;
  into.c = c;
  into.eta = eta;
  into.zeta = zeta;
  into.etaStar = 0.5 * etaRatio;
  into.zetaStar = zetaRatio / (h * sigma);
}

/**
 * a − 1 with a = (1−w) b + w clip(⟨m0,m1⟩/⟨m1,m1⟩), b = √(ρ_n/ρ_{n−1}); the ratio is 1 + ⟨m0 − m1, m1⟩/⟨m1,m1⟩, and
 * 1 where m1 is zero. c − 1 is the same of m_t and m0.
 */
export function balanceMinusOne(
  { weight, balance }: StepConstants,
  oldWithChange: number,
  oldSquared: number,
): number {
  const ratioMinusOne = oldSquared > 0 ? clamp(oldWithChange / oldSquared, -3, 1) : 0;
  return (1 - weight) * (balance - 1) + weight * ratioMinusOne;
}

/** σ_t h/(2 r_i), D1's coefficient in the probe and in P; r_i = clamp(r logistic(|a|/4), r/4, 3r/2). */
export function probeWeight({ sigma, h, r }: StepConstants, a: number): number {
  return (sigma * h) / (2 * clamp(logistic(Math.abs(a) / 4) * r, r / 4, 1.5 * r));
}

/** With more than 20 steps: logistic(q (2 − ρ²)), q = clip(⟨m0,D⟩/⟨D,D⟩), D = (m0 − m1)/h. */
function consistency({ h, rho }: StepConstants, m0d: number, dd: number): number {
  return logistic(clip(ratioOrOne(h * m0d, dd)) * (2 - rho * rho));
}

function clip(value: number): number {
  return clamp(value, -2, 2);
}
