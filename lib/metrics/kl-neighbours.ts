import type { MixtureWorld } from "../denoiser/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { finiteRows, requireSamples } from "./check.js";
import { logGamma } from "./distributions.js";
import { logLikelihood } from "./log-likelihood.js";

/**
 * Kullback-Leibler divergence of the samples' distribution q from a mixture's known density p, KL(q ‖ p) = −H(q) −
 * E_q ln p, in nats: the second term is a Monte-Carlo mean of the known log-density, the entropy is Kozachenko and
 * Leonenko's k-nearest-neighbour estimate, H = ψ(n) − ψ(k) + ln V_d + d/n Σ_i ln ρ_k(i), with ρ_k(i) the distance to
 * the k-th nearest other sample and V_d the volume of the unit ball. Biased in high dimensions and where q is nearly
 * on points; may be slightly negative. O(n² d).
 *
 * @param k default 4
 * @throws QuenchError INVALID_ARGUMENT for fewer than k + 1 samples, more than k equal ones, or what {@link
 *   logLikelihood} refuses
 */
export function klByNeighbours(world: MixtureWorld, samples: Vector, k = 4): number {
  const size = sizeOf(world.shape);
  const rows = finiteRows(samples, size, "samples");
  requireInteger(k, "k");
  requireSamples(`the KL divergence by ${k} neighbours`, rows, k + 1, "samples");
  const logVolume = (size / 2) * Math.log(Math.PI) - logGamma(size / 2 + 1);
  let logDistances = 0;
  for (let row = 0; row < rows; row++) {
    const squared = squaredNeighbourDistance(samples, size, row, k);
    requireArgument(
      squared > 0,
      `samples[${row}]`,
      `more than ${k} samples are equal: their distribution has no density`,
    );
    logDistances += 0.5 * Math.log(squared);
  }
  const entropy = harmonic(rows - 1) - harmonic(k - 1) + logVolume + (size * logDistances) / rows;
  return logLikelihood(world, samples).negativeMean - entropy;
}

/** By differences, not by norms and inner products, which would cancel for close neighbours. */
function squaredNeighbourDistance(samples: Vector, size: number, row: number, k: number): number {
  const nearest = new Float64Array(k).fill(Infinity);
  for (let other = 0; other < samples.length / size; other++) {
    if (other === row) continue;
    let squared = 0;
    for (let j = 0; j < size; j++) squared += (samples[row * size + j]! - samples[other * size + j]!) ** 2;
    if (squared >= nearest[k - 1]!) continue;
    nearest[k - 1] = squared;
    nearest.sort();
  }
  return nearest[k - 1]!;
}

/** ψ(n + 1) + γ; the constant γ drops out of ψ(n) − ψ(k). */
function harmonic(n: number): number {
  let sum = 0;
  for (let i = n; i >= 1; i--) sum += 1 / i;
  return sum;
}
