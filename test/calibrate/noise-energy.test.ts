import { expect, it } from "vitest";
import { gaussianMixture, measureNoiseEnergy, sampleMixture } from "../../lib/index.js";
import { normals } from "../../lib/native/index.js";
import { vpLinear } from "../../lib/process/index.js";

const deviation = 0.6;
const world = { shape: [16], weights: [1], means: [new Array<number>(16).fill(0.3)], stds: [deviation] };
const process = vpLinear();
let row = 0n;
const data = sampleMixture(world, 3000, (out) =>
  normals(out, new BigUint64Array([3n]), new BigUint64Array([row++]), 0),
);

it("measures the noise energy of Gaussian data, whatever the model emits", async () => {
  // ε̂ = σ (x − α μ)/(α² s² + σ²), so Γ = σ̃²/(s² + σ̃²).
  const sigmas = [0.05, 0.3, 1, 4];
  for (const prediction of ["epsilon", "sample", "v"] as const) {
    const model = gaussianMixture({ ...world, process, prediction });
    const { sigma, gamma } = await measureNoiseEnergy(model, { data, sigmas, batch: 700 });
    expect(sigma).toHaveLength(sigmas.length);
    sigmas.forEach((s, i) => {
      const truth = (s * s) / (deviation ** 2 + s * s);
      // A mean of 48,000 squares of normals: relative standard error √(2/48,000) = 0.65%; 4.5 of them.
      expect(Math.abs(gamma[i]! / truth - 1)).toBeLessThan(4.5 * Math.sqrt(2 / 48_000));
    });
  }
});

it("refuses data that are no rows of the model", async () => {
  const model = gaussianMixture({ ...world, process });
  await expect(measureNoiseEnergy(model, { data: new Float64Array(15) })).rejects.toThrow(/rows of 16/);
});
