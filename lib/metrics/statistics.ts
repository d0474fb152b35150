import { requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import { finiteRows, requireSamples } from "./check.js";

/** Mean and covariance (divided by n − 1) of vectors of one length. */
export interface FeatureStatistics {
  readonly mean: Float64Array;
  /** d × d, row by row. */
  readonly covariance: Float64Array;
  /** Vectors they are of; 0 where that is not known. */
  readonly count: number;
  /** sha256 of the feature network, where it is known: statistics of different ones are not compared. */
  readonly network?: string;
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

  /** @param network sha256 of the feature network, kept with the statistics */
  constructor(
    readonly dimension: number,
    readonly network?: string,
  ) {
    this.#mean = new Float64Array(dimension);
    this.#products = new Float64Array(dimension * dimension);
    this.#before = new Float64Array(dimension);
  }

  /**
   * Adds rows × dimension numbers.
   * @throws QuenchError INVALID_ARGUMENT for another length or numbers not finite (says which row); nothing is added then
   */
  add(rows: Vector): void {
    const { dimension } = this;
    finiteRows(rows, dimension, "rows");
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
    const { dimension, network } = this;
    requireSamples("the covariance", this.#count, 2, "rows");
    const covariance = new Float64Array(dimension * dimension);
    for (let i = 0; i < dimension; i++) {
      for (let j = i; j < dimension; j++) {
        const value = this.#products[i * dimension + j]! / (this.#count - 1);
        covariance[i * dimension + j] = value;
        covariance[j * dimension + i] = value;
      }
    }
    return {
      mean: this.#mean.slice(),
      covariance,
      count: this.#count,
      ...(network === undefined ? {} : { network }),
    };
  }
}

/** Statistics of vectors that are all there. */
export function featureStatistics(features: Vector, dimension: number, network?: string): FeatureStatistics {
  requireArgument(
    Number.isInteger(dimension) && dimension > 0,
    "dimension",
    `expected an integer ≥ 1, received ${dimension}`,
  );
  const accumulator = new StatisticsAccumulator(dimension, network);
  accumulator.add(features);
  return accumulator.statistics();
}
