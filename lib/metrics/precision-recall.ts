import { requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { finiteRows, requireSamples } from "./check.js";
import { mean } from "./mean.js";
import { squaredNorms, visitProducts } from "./pairs.js";

export interface PrecisionRecall {
  /** Share of generated samples within the manifold of the real ones: fidelity. */
  readonly precision: number;
  /** Share of real samples within the manifold of the generated ones: coverage. */
  readonly recall: number;
  /** 1 or 0 per generated sample. */
  readonly precise: Uint8Array;
  /** 1 or 0 per real sample. */
  readonly recalled: Uint8Array;
}

/**
 * Improved precision and recall (Kynkäänniemi et al. 2019, Eq. 1-2): a set's manifold is the union of balls around
 * its samples that reach to their k-th nearest neighbour in the set. Both depend on the numbers of samples; take as
 * many real as generated ones, the same for every method.
 *
 * @param k default 3, as in the paper
 * @throws QuenchError INVALID_ARGUMENT for fewer than k + 1 samples of either kind, or numbers that are not finite
 */
export async function precisionRecall(
  real: Vector,
  generated: Vector,
  dimension: number,
  k = 3,
): Promise<PrecisionRecall> {
  requireInteger(k, "k");
  const name = `precision and recall with k = ${k}`;
  requireSamples(name, finiteRows(real, dimension, "real"), k + 1, "real");
  requireSamples(name, finiteRows(generated, dimension, "generated"), k + 1, "generated");
  const realSquared = await squaredRadii(real, dimension, k);
  const generatedSquared = await squaredRadii(generated, dimension, k);
  const [realNorms, generatedNorms] = [squaredNorms(real, dimension), squaredNorms(generated, dimension)];
  const precise = new Uint8Array(generatedSquared.length);
  const recalled = new Uint8Array(realSquared.length);
  await visitProducts(real, generated, dimension, (first, products) => {
    const columns = precise.length;
    for (let at = 0, row = first; at < products.length; row++) {
      for (let j = 0; j < columns; j++, at++) {
        const squared = realNorms[row]! + generatedNorms[j]! - 2 * products[at]!;
        if (squared <= realSquared[row]!) precise[j] = 1;
        if (squared <= generatedSquared[j]!) recalled[row] = 1;
      }
    }
  });
  return { precision: mean(precise), recall: mean(recalled), precise, recalled };
}

/** Squared distance of each row to its k-th nearest other row. */
export async function squaredRadii(values: Vector, dimension: number, k: number): Promise<Float64Array> {
  const norms = squaredNorms(values, dimension);
  const squares = new Float64Array(norms.length);
  const nearest = new Float64Array(k);
  await visitProducts(values, values, dimension, (first, products) => {
    for (let at = 0, row = first; at < products.length; row++) {
      nearest.fill(Infinity);
      for (let j = 0; j < norms.length; j++, at++) {
        const squared = norms[row]! + norms[j]! - 2 * products[at]!;
        if (squared >= nearest[k - 1]! || j === row) continue;
        let place = k - 1;
        for (; place > 0 && nearest[place - 1]! > squared; place--) nearest[place] = nearest[place - 1]!;
        nearest[place] = squared;
      }
      squares[row] = Math.max(nearest[k - 1]!, 0);
    }
  });
  return squares;
}
