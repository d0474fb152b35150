import { createRequire } from "node:module";

// Loaded when the first full covariance needs it: it takes longer to load than the rest of this folder.
const require = createRequire(import.meta.url);

/** Eigenvalues and orthonormal eigenvectors (as rows) of a symmetric n × n matrix given row by row. */
export function symmetricEigen(
  matrix: ArrayLike<number>,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const { EigenvalueDecomposition, Matrix } = require("ml-matrix") as typeof import("ml-matrix");
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (matrix[i * n + j]! + matrix[j * n + i]!) / 2),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vectors[j * n + i] = eigenvectorMatrix.get(i, j);
  return { values: Float64Array.from(realEigenvalues), vectors };
}
