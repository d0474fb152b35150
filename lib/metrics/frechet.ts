import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { requireArgument } from "../errors.js";
import { requireSameNetwork } from "./check.js";
import type { FeatureStatistics } from "./statistics.js";

export type GaussianStatistics = Pick<FeatureStatistics, "mean" | "covariance" | "network">;

/**
 * Fréchet distance between two Gaussians (Dowson & Landau 1982), the "FID" where the features are Inception's:
 * ‖μ_1 − μ_2‖² + tr Σ_1 + tr Σ_2 − 2 tr (Σ_1^{½} Σ_2 Σ_1^{½})^{½}. The last trace is the sum of the roots of the
 * eigenvalues of a symmetric matrix, so singular covariances (fewer vectors than dimensions) need no care.
 *
 * @throws QuenchError INVALID_ARGUMENT for different dimensions or numbers that are not finite
 */
export async function frechetDistance(a: GaussianStatistics, b: GaussianStatistics): Promise<number> {
  const dimension = a.mean.length;
  for (const [name, { mean, covariance }] of Object.entries({ a, b })) {
    requireArgument(
      mean.length === dimension && covariance.length === dimension * dimension,
      name,
      `expected ${dimension} means and ${dimension} × ${dimension} covariances, received ${mean.length} and ${covariance.length}`,
    );
    requireArgument(
      [...mean].every(Number.isFinite) && covariance.every(Number.isFinite),
      name,
      "expected finite numbers",
    );
  }
  requireSameNetwork(a.network, b.network, "b");
  const [first, second] = [symmetric(a.covariance, dimension), symmetric(b.covariance, dimension)];
  const root = squareRoot(first);
  const cross = eigen(root.mmul(second).mmul(root)).realEigenvalues;
  const overlap = cross.reduce((sum, value) => sum + Math.sqrt(Math.max(value, 0)), 0);
  const shift = a.mean.reduce((sum, value, j) => sum + (value - b.mean[j]!) ** 2, 0);
  return Math.max(shift + first.trace() + second.trace() - 2 * overlap, 0);
}

function symmetric(values: ArrayLike<number>, n: number): Matrix {
  return new Matrix(
    Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => 0.5 * (values[i * n + j]! + values[j * n + i]!)),
    ),
  );
}

function eigen(matrix: Matrix): EigenvalueDecomposition {
  return new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
}

function squareRoot(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = eigen(matrix);
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(value, 0))));
  return eigenvectorMatrix.mmul(roots).mmul(eigenvectorMatrix.transpose());
}
