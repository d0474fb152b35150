import type { ExponentialStep } from "../exponential-step.js";
import { lagrangeBasis } from "../lagrange.js";
import { factorial } from "../phi-functions.js";

/**
 * The corrector of vary_coeff as the UniPC repository computes it: the highest derivative takes part only through
 * the new prediction, and there with the coefficient of the derivative below it. First order; the right weights are
 * `interpolationWeights`.
 * @param nodes θ of the predictions, newest first: 1, 0 and then the older ones
 */
export function releasedVaryCoeffWeights(nodes: readonly number[], exact: ExponentialStep): number[] {
  const basis = lagrangeBasis(nodes);
  const highest = nodes.length - 1;
  const derivative = (node: number, k: number) => factorial(k) * basis[node]![k]!;
  const weights = basis.map((_, node) => {
    if (node === 0) return exact.moment(highest) * derivative(node, Math.max(highest - 1, 1));
    let weight = 0;
    for (let k = 1; k < highest; k++) weight += exact.moment(k) * derivative(node, k);
    return weight;
  });
  // Differences from the prediction at s: the weights on all predictions sum to moment(0).
  weights[1] = exact.moment(0) - weights.reduce((sum, w, node) => (node === 1 ? sum : sum + w), 0);
  return weights;
}
