/** A function of one variable through given points; outside them it goes on with the end slopes. */
export type Interpolant = (x: number) => number;

/**
 * Cubic Hermite interpolation that is monotone wherever the points are (PCHIP: Fritsch & Butland 1984 slopes).
 * @param x strictly increasing, at least 2
 */
export function monotoneCubic(x: ArrayLike<number>, y: ArrayLike<number>): Interpolant {
  const n = x.length;
  const secants = Float64Array.from({ length: n - 1 }, (_, i) => (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!));
  const slopes = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    const [left, right] = [secants[i - 1]!, secants[i]!];
    if (left * right <= 0) continue;
    const [a, b] = [x[i]! - x[i - 1]!, x[i + 1]! - x[i]!];
    slopes[i] = (3 * (a + b)) / ((2 * b + a) / left + (b + 2 * a) / right);
  }
  slopes[0] = endSlope(x[1]! - x[0]!, secants[0]!, n > 2 ? x[2]! - x[1]! : 0, secants[1] ?? secants[0]!);
  slopes[n - 1] =
    n > 2
      ? endSlope(x[n - 1]! - x[n - 2]!, secants[n - 2]!, x[n - 2]! - x[n - 3]!, secants[n - 3]!)
      : secants[0]!;

  return (at) => {
    if (at <= x[0]!) return y[0]! + (at - x[0]!) * slopes[0]!;
    if (at >= x[n - 1]!) return y[n - 1]! + (at - x[n - 1]!) * slopes[n - 1]!;
    const i = cellOf(x, at);
    const h = x[i + 1]! - x[i]!;
    const u = (at - x[i]!) / h;
    const v = 1 - u;
    return (
      v * v * (1 + 2 * u) * y[i]! +
      u * u * (1 + 2 * v) * y[i + 1]! +
      u * v * h * (v * slopes[i]! - u * slopes[i + 1]!)
    );
  };
}

/** The last i with x_i <= at; at lies within the points. */
function cellOf(x: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  return low;
}

/** One-sided three-point slope, kept from overshooting. */
function endSlope(h: number, secant: number, nextH: number, nextSecant: number): number {
  const slope = ((2 * h + nextH) * secant - h * nextSecant) / (h + nextH);
  if (slope * secant <= 0) return 0;
  if (secant * nextSecant <= 0 && Math.abs(slope) > 3 * Math.abs(secant)) return 3 * secant;
  return slope;
}
