import { defined } from "../defined.js";
import { requireInteger } from "../errors.js";
import { addMoments, momentsBlock, type Vector } from "../native/index.js";
import { finiteRows, requireSamples } from "./check.js";

/** As native/binding/statistics.cpp takes: a covariance is then 8 GiB. */
const mostDimensions = 32_768;

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
 * Gathers mean and covariance from vectors given a few at a time, natively, in float64 and in memory that does not
 * depend on their number. Vectors are taken in blocks of 128, each about its own mean (Chan, Golub & LeVeque 1979),
 * so nothing cancels far from zero; blocks are cut by the vectors' places, so how they arrive changes no bit of the
 * result.
 */
export class StatisticsAccumulator {
  readonly #mean: Float64Array;
  /** Upper triangle of Σ (x − mean)(x − mean)ᵀ of the whole blocks. */
  readonly #products: Float64Array;
  /** Vectors of the block that is not whole yet. */
  readonly #pending: Float64Array;
  #whole = 0;
  #waiting = 0;

  /** @param network sha256 of the feature network, kept with the statistics */
  constructor(
    readonly dimension: number,
    readonly network?: string,
  ) {
    requireInteger(dimension, "dimension", { most: mostDimensions });
    this.#mean = new Float64Array(dimension);
    this.#products = new Float64Array(dimension * dimension);
    this.#pending = new Float64Array(momentsBlock * dimension);
  }

  /** Vectors added. */
  get count(): number {
    return this.#whole + this.#waiting;
  }

  /**
   * Adds rows × dimension numbers.
   * @throws QuenchError INVALID_ARGUMENT for another length or numbers not finite (says which row); nothing is added
   *   then
   */
  add(rows: Vector): void {
    const { dimension } = this;
    const count = finiteRows(rows, dimension, "rows");
    for (let row = 0; row < count; ) {
      const taken = Math.min(momentsBlock - this.#waiting, count - row);
      this.#pending.set(rows.subarray(row * dimension, (row + taken) * dimension), this.#waiting * dimension);
      this.#waiting += taken;
      row += taken;
      if (this.#waiting < momentsBlock) continue;
      addMoments(this.#mean, this.#products, this.#pending, this.#whole);
      this.#whole += momentsBlock;
      this.#waiting = 0;
    }
  }

  /** @throws QuenchError INVALID_ARGUMENT for fewer than two vectors */
  statistics(): FeatureStatistics {
    const { dimension, network, count } = this;
    requireSamples("the covariance", count, 2, "rows");
    const [mean, covariance] = [this.#mean.slice(), this.#products.slice()];
    if (this.#waiting > 0) {
      addMoments(mean, covariance, this.#pending.subarray(0, this.#waiting * dimension), this.#whole);
    }
    for (let i = 0; i < dimension; i++) {
      for (let j = i; j < dimension; j++) {
        const value = covariance[i * dimension + j]! / (count - 1);
        covariance[i * dimension + j] = value;
        covariance[j * dimension + i] = value;
      }
    }
    return { mean, covariance, count, ...defined({ network }) };
  }
}

/** Statistics of vectors that are all there. */
export function featureStatistics(features: Vector, dimension: number, network?: string): FeatureStatistics {
  const accumulator = new StatisticsAccumulator(dimension, network);
  accumulator.add(features);
  return accumulator.statistics();
}
