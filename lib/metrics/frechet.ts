import { requireArgument } from "../errors.js";
import { firstNonFinite, rootTrace } from "../native/index.js";
import { requireSameNetwork, requireStatistics } from "./check.js";
import type { FeatureStatistics } from "./statistics.js";

export type GaussianStatistics = Pick<FeatureStatistics, "mean" | "covariance" | "network">;

/**
 * Fréchet distance between two Gaussians (Dowson & Landau 1982), the "FID" where the features are Inception's (Heusel
 * et al. 2017): ‖μ_1 − μ_2‖² + tr Σ_1 + tr Σ_2 − 2 tr (Σ_1^½ Σ_2 Σ_1^½)^½. The last trace is the sum of the singular
 * values of L_1ᵀ L_2 for Σ = L Lᵀ, so singular covariances (fewer vectors than dimensions) need no care. Computed off
 * the event loop.
 *
 * @throws QuenchError INVALID_ARGUMENT for different dimensions or numbers that are not finite, MODEL_MISMATCH for
 *   statistics of different networks
 */
export async function frechetDistance(a: GaussianStatistics, b: GaussianStatistics): Promise<number> {
  requireStatistics(a, "a");
  requireStatistics(b, "b");
  const dimension = a.mean.length;
  for (const [name, { mean, covariance }] of Object.entries({ a, b })) {
    requireArgument(
      mean.length === dimension && covariance.length === dimension * dimension,
      name,
      `expected ${dimension} means and ${dimension} × ${dimension} covariances, received ${mean.length} and ${covariance.length}`,
    );
    requireArgument(
      firstNonFinite(mean) < 0 && firstNonFinite(covariance) < 0,
      name,
      "expected finite numbers",
    );
  }
  requireSameNetwork(a.network, b.network, "b");
  const overlap = await rootTrace(a.covariance, b.covariance, dimension);
  const shift = a.mean.reduce((sum, value, j) => sum + (value - b.mean[j]!) ** 2, 0);
  return Math.max(shift + trace(a) + trace(b) - 2 * overlap, 0);
}

function trace({ mean, covariance }: GaussianStatistics): number {
  return mean.reduce((sum, _, j) => sum + covariance[j * mean.length + j]!, 0);
}
