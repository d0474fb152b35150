export interface QuadraturePoint {
  /** In (0, 1). */
  readonly position: number;
  /** All sum to 1. */
  readonly weight: number;
}

const known = new Map<number, readonly QuadraturePoint[]>();

/** The n-point Gauss–Legendre rule on [0, 1], exact for polynomials of degree 2n − 1. */
export function gaussLegendre(points: number): readonly QuadraturePoint[] {
  const kept = known.get(points);
  if (kept) return kept;
  const rule = Array.from({ length: points }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (points + 0.5));
    let derivative = 0;
    for (let iteration = 0; iteration < 100; iteration++) {
      const { value, slope } = legendre(points, x);
      const change = value / slope;
      derivative = slope;
      x -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    return { position: (1 + x) / 2, weight: 1 / ((1 - x * x) * derivative * derivative) };
  });
  known.set(points, rule);
  return rule;
}

/** P_n(x) and its derivative, by the three-term recurrence. */
function legendre(n: number, x: number): { value: number; slope: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return { value, slope: (n * (x * value - before)) / (x * x - 1) };
}
