import { requireArgument } from "../errors.js";

/** Mean and covariance (divided by n − 1) of vectors of one length. */
export interface FeatureStatistics {
  readonly mean: Float64Array;
  /** d × d, row by row. */
  readonly covariance: Float64Array;
  readonly count: number;
}

/**
 * Gathers mean and covariance from vectors given a few at a time, in float64 and in memory that does not depend on
 * their number (Welford's update, which does not cancel).
 */
export class StatisticsAccumulator {
  readonly #mean: Float64Array;
  readonly #products: Float64Array;
  readonly #before: Float64Array;
  #count = 0;

  constructor(readonly dimension: number) {
    this.#mean = new Float64Array(dimension);
    this.#products = new Float64Array(dimension * dimension);
    this.#before = new Float64Array(dimension);
  }

  /** Adds rows × dimension numbers. */
  add(rows: ArrayLike<number>): void {
    const { dimension } = this;
    requireArgument(
      rows.length % dimension === 0,
      "rows",
      `expected rows of ${dimension} numbers, received ${rows.length}`,
    );
    for (let at = 0; at < rows.length; at += dimension) {
      this.#count++;
      for (let j = 0; j < dimension; j++) {
        this.#before[j] = rows[at + j]! - this.#mean[j]!;
        this.#mean[j]! += this.#before[j]! / this.#count;
      }
      for (let i = 0; i < dimension; i++) {
        const gap = this.#before[i]!;
        for (let j = i; j < dimension; j++) {
          this.#products[i * dimension + j]! += gap * (rows[at + j]! - this.#mean[j]!);
        }
      }
    }
  }

  /** @throws QuenchError INVALID_ARGUMENT for fewer than two vectors */
  statistics(): FeatureStatistics {
    const { dimension } = this;
    requireArgument(this.#count >= 2, "rows", `expected at least 2 vectors, received ${this.#count}`);
    const covariance = new Float64Array(dimension * dimension);
    for (let i = 0; i < dimension; i++) {
      for (let j = i; j < dimension; j++) {
        const value = this.#products[i * dimension + j]! / (this.#count - 1);
        covariance[i * dimension + j] = value;
        covariance[j * dimension + i] = value;
      }
    }
    return { mean: this.#mean.slice(), covariance, count: this.#count };
  }
}
