import { received } from "../checks/received.js";
import { requireArgument } from "../errors.js";
import { sizeOf } from "../shape.js";
import { requireShape } from "./require-denoiser.js";
import { symmetricEigen } from "./symmetric-eigen.js";

/** A Gaussian mixture Σ w_k N(μ_k, Σ_k) over samples of one shape. */
export interface MixtureWorld {
  readonly name?: string;
  /** Positive weights of the K components; they need not sum to 1. */
  readonly weights: ArrayLike<number>;
  /** K means of `size` numbers each, in C order. */
  readonly means: readonly ArrayLike<number>[];
  /** K standard deviations of isotropic components; 0 makes a component a point. Either these or `covariances`. */
  readonly stds?: ArrayLike<number>;
  /** K symmetric positive semi-definite matrices, size × size, row by row. */
  readonly covariances?: readonly ArrayLike<number>[];
  /** Shape of one sample, e.g. [2] or [3, 4, 4]. */
  readonly shape: readonly number[];
}

/** Full covariances by their eigenvectors: Σ_k = Q diag(λ) Qᵀ. */
export interface Axes {
  /** Row j is eigenvector j: size × size. */
  readonly vectors: Float64Array;
  readonly variances: Float64Array;
}

/** A checked world in the layout the inner loops read. */
export interface Components {
  readonly count: number;
  readonly size: number;
  readonly logWeights: Float64Array;
  /** count × size. */
  readonly means: Float64Array;
  /** Variances s_k² of isotropic components. */
  readonly variances: Float64Array | undefined;
  /** One per component, for full covariances. */
  readonly axes: readonly Axes[] | undefined;
}

/**
 * Checks a world and prepares it: normalises the weights and decomposes the covariances.
 *
 * @throws QuenchError `INVALID_ARGUMENT` naming the member that is wrong.
 */
export function components(world: MixtureWorld): Components {
  const { weights, means, stds, covariances, shape } = world;
  requireShape(shape, "shape");
  requireArgument(
    Array.isArray(means) && means.every(isList),
    "means",
    () => `expected a list of numbers for each component, received ${received(means)}`,
  );
  requireList(weights, "weights");
  if (stds !== undefined) requireList(stds, "stds");
  requireArgument(
    covariances === undefined || (Array.isArray(covariances) && covariances.every(isList)),
    "covariances",
    () => `expected a matrix of numbers for each component, received ${received(covariances)}`,
  );
  const size = sizeOf(shape);
  const count = means.length;
  requireArgument(count > 0, "means", "expected at least one component");
  requireArgument(
    weights.length === count,
    "weights",
    `expected ${count} numbers, one per mean, received ${weights.length}`,
  );
  requireArgument(
    (stds === undefined) !== (covariances === undefined),
    "stds",
    "expected either stds or covariances",
  );

  let total = 0;
  for (let k = 0; k < count; k++) {
    const weight = weights[k]!;
    requireArgument(
      weight > 0 && Number.isFinite(weight),
      `weights[${k}]`,
      `expected a positive number, received ${weight}`,
    );
    total += weight;
  }
  // All of them before any memory is taken: a shape may say anything.
  for (const [k, { length }] of means.entries())
    requireArgument(length === size, `means[${k}]`, `expected ${size} numbers, received ${length}`);
  const flat = new Float64Array(count * size);
  for (const [k, mean] of means.entries()) flat.set(Array.from(mean), k * size);
  const wrong = flat.findIndex((value) => !Number.isFinite(value));
  requireArgument(wrong < 0, `means[${Math.floor(wrong / size)}]`, "expected finite numbers");

  return {
    count,
    size,
    logWeights: Float64Array.from({ length: count }, (_, k) => Math.log(weights[k]! / total)),
    means: flat,
    variances: stds && isotropic(stds, count),
    axes: covariances && full(covariances, count, size),
  };
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

function requireList(value: unknown, where: string): void {
  requireArgument(isList(value), where, () => `expected a list of numbers, received ${received(value)}`);
}

function isotropic(stds: ArrayLike<number>, count: number): Float64Array {
  requireArgument(
    stds.length === count,
    "stds",
    `expected ${count} numbers, one per mean, received ${stds.length}`,
  );
  return Float64Array.from({ length: count }, (_, k) => {
    const std = stds[k]!;
    requireArgument(std >= 0 && Number.isFinite(std), `stds[${k}]`, `expected a number ≥ 0, received ${std}`);
    return std * std;
  });
}

function full(covariances: readonly ArrayLike<number>[], count: number, size: number): Axes[] {
  requireArgument(
    covariances.length === count,
    "covariances",
    `expected ${count} matrices, one per mean, received ${covariances.length}`,
  );
  return covariances.map((matrix, k) => {
    const where = `covariances[${k}]`;
    requireArgument(
      matrix.length === size * size,
      where,
      `expected ${size} × ${size} numbers, received ${matrix.length}`,
    );
    let largest = 0;
    for (let i = 0; i < matrix.length; i++) {
      requireArgument(Number.isFinite(matrix[i]!), where, "expected finite numbers");
      largest = Math.max(largest, Math.abs(matrix[i]!));
    }
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) {
        const gap = Math.abs(matrix[i * size + j]! - matrix[j * size + i]!);
        requireArgument(
          gap <= 1e-10 * largest,
          where,
          `expected a symmetric matrix; [${i}][${j}] and [${j}][${i}] differ by ${gap}`,
        );
      }
    }
    const { values, vectors } = symmetricEigen(matrix, size);
    const variances = values.map((value) => {
      requireArgument(
        value >= -1e-10 * largest,
        where,
        `expected a positive semi-definite matrix; it has the eigenvalue ${value}`,
      );
      return Math.max(value, 0);
    });
    return { vectors, variances };
  });
}
