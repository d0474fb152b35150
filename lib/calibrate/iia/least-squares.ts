import { dot } from "../../dot.js";

/** The least-squares solution of one step, and how well it is determined. */
export interface Solution {
  readonly coefficients: readonly number[];
  /** Of the normal matrix with unit diagonal; null where that is singular to the last digit. */
  readonly condition: number | null;
  /** Independent quantities. */
  readonly rank: number;
}

/** Directions whose share of the unit-diagonal normal matrix is below this are taken to be none, were there no rounding. */
const negligible = 1e-12;

/**
 * Minimises ‖y − Σ_j φ_j q_j‖² given the inner products of (q_1 … q_p, y), p+1 squared, row by row. Where quantities
 * are dependent it returns the shortest of all minimisers. Eigenvalues of the normal matrix scaled to a unit diagonal
 * tell: quantities of very different lengths are then no cause for doubt, and one of length zero gets the coefficient
 * 0.
 *
 * @param rounding what rounding may contribute to each ‖q_j‖²: a direction that is no longer than that is none
 */
export async function leastSquares(
  products: ArrayLike<number>,
  count: number,
  rounding: readonly number[] = [],
): Promise<Solution> {
  const at = (i: number, j: number) => products[i * (count + 1) + j]!;
  const used = Array.from({ length: count }, (_, j) => j).filter((j) => at(j, j) > 0);
  const coefficients = new Array<number>(count).fill(0);
  if (used.length === 0) return { coefficients, condition: count === 0 ? 1 : null, rank: 0 };

  const { EigenvalueDecomposition, Matrix } = await import("ml-matrix");
  const length = used.map((j) => Math.sqrt(at(j, j)));
  const scaled = used.map((i, a) => used.map((j, b) => at(i, j) / (length[a]! * length[b]!)));
  const { realEigenvalues: values, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(scaled), {
    assumeSymmetric: true,
  });
  const [smallest, largest] = [Math.min(...values), Math.max(...values)];
  /** Eigenvector k in the coefficients' own units. */
  const direction = (k: number) => used.map((_, a) => eigenvectorMatrix.get(a, k) / length[a]!);

  const solution = new Array<number>(used.length).fill(0);
  const free: number[][] = [];
  for (const [k, value] of values.entries()) {
    const along = direction(k);
    const noise = used.reduce((sum, j, a) => sum + along[a]! ** 2 * (rounding[j] ?? 0), 0);
    if (value <= Math.max(negligible * largest, noise)) {
      free.push(along);
      continue;
    }
    const share = used.reduce((sum, j, a) => sum + along[a]! * at(j, count), 0) / value;
    for (const [a, component] of along.entries()) solution[a]! += share * component;
  }
  for (const unit of orthonormal(free)) {
    const excess = dot(unit, solution);
    for (const [a, component] of unit.entries()) solution[a]! -= excess * component;
  }
  for (const [a, j] of used.entries()) coefficients[j] = solution[a]!;
  return {
    coefficients,
    condition: smallest > 0 && used.length === count ? largest / smallest : null,
    rank: used.length - free.length,
  };
}

/** Gram and Schmidt, twice over: once is not orthogonal to the last digit. */
function orthonormal(vectors: readonly number[][]): number[][] {
  const units: number[][] = [];
  for (const vector of vectors) {
    let rest = vector;
    for (const unit of [...units, ...units]) {
      const share = dot(rest, unit);
      rest = rest.map((value, a) => value - share * unit[a]!);
    }
    const size = Math.sqrt(dot(rest, rest));
    units.push(rest.map((value) => value / size));
  }
  return units;
}
