import { describe, expect, it } from "vitest";
import { gaussianMixture, sample } from "../../lib/index.js";
import { vpLinear } from "../../lib/process/index.js";

/**
 * Samples of N(μ, s² I) by a stochastic solver are themselves Gaussian, as every step is linear in x. With n of
 * them, mean − μ has deviation s/√n and the variance s²√(2/n), the covariance s²/√n. Five statistics for each of
 * three runs, at 4.5 deviations: a false alarm in 9,800 seeds; the seed is fixed.
 */
const mean = [0.6, -0.3] as const;
const deviation = 0.6;
const process = vpLinear();
const gaussian = gaussianMixture({
  process,
  shape: [2],
  weights: [1],
  means: [mean],
  stds: [deviation],
});
const count = 4000;
const alarm = 4.5;

describe("SDE-DPM-Solver draws from the data distribution for shares of noise between the ODE's and the SDE's", () => {
  const runs = [
    { name: "sde-dpm-solver-2m", eta: 0.4 },
    { name: "sde-dpm-solver++-2m", eta: 0.4 },
    { name: "sde-dpm-solver++-3m", eta: 0.7 },
  ];
  it.each(runs)("$name, eta $eta", async ({ name, eta }) => {
    const { data } = await sample(gaussian, {
      solver: { name, eta },
      steps: 60,
      count,
      seed: 11,
    });
    // What remains at the end: x_t = α x_0 + σ ε.
    const end = process.at(process.tEnd);
    const means = [0, 0];
    for (let i = 0; i < count; i++) for (const j of [0, 1]) means[j]! += data[2 * i + j]! / count;
    const covariance = (a: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += (data[2 * i + a]! - means[a]!) * (data[2 * i + b]! - means[b]!);
      return sum / (count - 1);
    };
    const truth = end.alpha ** 2 * deviation ** 2 + end.sigma ** 2;
    for (const j of [0, 1] as const) {
      expect(Math.abs(means[j]! - end.alpha * mean[j]) / Math.sqrt(truth / count)).toBeLessThan(alarm);
      expect(Math.abs(covariance(j, j) / truth - 1) / Math.sqrt(2 / count)).toBeLessThan(alarm);
    }
    expect((Math.abs(covariance(0, 1)) / truth) * Math.sqrt(count)).toBeLessThan(alarm);
  });
});
