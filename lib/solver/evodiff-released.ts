import type { Level } from "../process/index.js";

/**
 * The arithmetic of EVODiff as its authors released it (their EDM sampler; 000 Algorithm 1 is the idea). One row
 * is one channel of one sample. Everything is a quadratic form in the Gram matrix of
 *
 *     (m0, d, u),   d = m0 − m1,   u = m_t − m0,
 *
 * m1, m0, m_t the three latest data predictions. They become nearly equal late in sampling, and then a − 1, c − 1
 * and V − U are small differences of large numbers: in this basis the differences are formed element by element
 * and nothing cancels.
 */
export interface StepGeometry {
  /** σ_t/σ_s of this step. */
  readonly ratio: number;
  /** √(ρ0/ρ1): the balance that needs no inner product. */
  readonly balance: number;
  /** k_t − k_s with k = α/σ. */
  readonly h: number;
  /** (λ_{n−1} − λ_{n−2})/(λ_n − λ_{n−1}). */
  readonly r: number;
  /** Share of the measured balance, (1 − τ²)/2. */
  readonly weight: number;
  readonly sigma: number;
}

/** A vector as coefficients on (m0, d, u). */
type Combination = readonly [number, number, number];

export function stepGeometry(before: Level, from: Level, to: Level, start: Level, end: Level): StepGeometry {
  const ratio = to.sigma / from.sigma;
  const tau = (to.t + end.t) / (start.t + end.t);
  return {
    ratio,
    balance: Math.sqrt(ratio / (from.sigma / before.sigma)),
    h: to.alpha / to.sigma - from.alpha / from.sigma,
    r: (from.lambda - before.lambda) / (to.lambda - from.lambda),
    weight: (1 - tau * tau) / 2,
    sigma: to.sigma,
  };
}

/**
 * a − 1, where a = (1−w) b + w clip(⟨m0,m1⟩/⟨m1,m1⟩): how much of m1 is taken from m0. The ratio is
 * 1 + ⟨m0 − m1, m1⟩/⟨m1,m1⟩, and 1 where m1 is zero.
 */
export function balanceMinusOne(
  { weight, balance }: StepGeometry,
  differenceWithOld: number,
  oldSquared: number,
): number {
  const ratioMinusOne = oldSquared > 0 ? clamp(differenceWithOld / oldSquared, -3, 1) : 0;
  return (1 - weight) * (balance - 1) + weight * ratioMinusOne;
}

/** Step of the probe: D1 is weighed by σ_t h/(2 r_i). */
export function probeWeight({ r, sigma, h }: StepGeometry, aMinusOne: number): number {
  const ri = clamp(logistic(Math.abs(1 + aMinusOne) / 4) * r, r / 4, 1.5 * r);
  return (sigma * h) / (2 * ri);
}

/**
 * σ_t h B/(2ζ) as coefficients on (m0, d, u), for one row.
 * @param gram upper triangle of the Gram matrix of (m0, d, u), from `offset`
 */
export function correction(
  geometry: StepGeometry,
  aMinusOne: number,
  gram: Float64Array,
  offset: number,
  { shift, longRun }: { readonly shift: number; readonly longRun: boolean },
): Combination {
  const { r, h, sigma, ratio } = geometry;
  const inner = (p: Combination, q: Combination) => innerProduct(p, q, gram, offset);
  const cMinusOne = balanceMinusOne(geometry, gram[offset + 2]!, gram[offset]!);
  const d1: Combination = [-aMinusOne, 1 + aMinusOne, 0]; // m0 − a m1
  const d2: Combination = [-cMinusOne, 0, 1]; // m_t − c m0

  const u = scale(1 / (r * h), d1);
  const v = scale(r / h, d2);
  const difference = add(v, scale(-1, u));
  const etaStar = 0.5 * clip(ratioOrOne(inner(add(v, u), difference), inner(difference, difference)));
  const eta = 0.5 * logistic(Math.abs(etaStar));

  const b = add(scale(r * (1 - eta), d2), scale(-eta / r, d1));
  const probe = probeWeight(geometry, aMinusOne);
  const zetaStar = clip(ratioOrOne(probe * inner(add(d1, scale(-1, b)), d1), inner(d1, d1))) / (h * sigma);
  const z = Math.abs(zetaStar) - shift;
  let zeta = logistic(z);
  if (longRun) {
    const q = clip(ratioOrOne(h * gram[offset + 1]!, gram[offset + 3]!));
    zeta = logistic(-z * logistic(q * (2 - ratio * ratio)));
  }
  return scale((sigma * h) / (2 * zeta), b);
}

function innerProduct(p: Combination, q: Combination, g: Float64Array, o: number): number {
  return (
    p[0] * q[0] * g[o]! +
    (p[0] * q[1] + p[1] * q[0]) * g[o + 1]! +
    (p[0] * q[2] + p[2] * q[0]) * g[o + 2]! +
    p[1] * q[1] * g[o + 3]! +
    (p[1] * q[2] + p[2] * q[1]) * g[o + 4]! +
    p[2] * q[2] * g[o + 5]!
  );
}

function scale(factor: number, [a, b, c]: Combination): Combination {
  return [factor * a, factor * b, factor * c];
}

function add(p: Combination, q: Combination): Combination {
  return [p[0] + q[0], p[1] + q[1], p[2] + q[2]];
}

/** A ratio of inner products; 1 where the denominator vanishes, as for identical predictions. */
function ratioOrOne(numerator: number, denominator: number): number {
  return denominator === 0 ? 1 : numerator / denominator;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function clip(value: number): number {
  return clamp(value, -2, 2);
}

export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
