import { describe, expect, it } from "vitest";
import { imageSpectrum } from "../../lib/calibrate/fourier.js";
import { imagesInMemory, measureRisk } from "../../lib/calibrate/index.js";
import { gaussianMixture } from "../../lib/denoiser/index.js";
import { normals } from "../../lib/native/index.js";
import { edm } from "../../lib/process/index.js";

function noise(length: number, seed: bigint): Float64Array {
  const values = new Float64Array(length);
  normals(values, BigUint64Array.of(seed), BigUint64Array.of(0n), 0);
  return values;
}

const sizes = [
  [1, 1],
  [1, 2],
  [2, 1],
  [3, 5],
  [6, 4],
  [8, 8],
  [28, 28],
  [7, 31],
] as const;

describe("the orthonormal transform", () => {
  it.each(sizes)("%i × %i is the defining sum", (height, width) => {
    const image = noise(height * width + 3, 1n);
    const { transform, frequencies } = imageSpectrum(height, width);
    const found = transform(image, 3);
    expect(frequencies).toEqual([height, Math.floor(width / 2) + 1]);
    for (let u = 0; u < height; u++) {
      for (let v = 0; v < frequencies[1]; v++) {
        let [real, imaginary] = [0, 0];
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const angle = -2 * Math.PI * ((u * y) / height + (v * x) / width);
            real += image[3 + y * width + x]! * Math.cos(angle);
            imaginary += image[3 + y * width + x]! * Math.sin(angle);
          }
        }
        const at = 2 * (u * frequencies[1] + v);
        const scale = Math.sqrt(height * width);
        expect(Math.abs(found[at]! - real / scale)).toBeLessThan(1e-12);
        expect(Math.abs(found[at + 1]! - imaginary / scale)).toBeLessThan(1e-12);
      }
    }
  });

  it.each(sizes)("%i × %i keeps the energy (Parseval)", (height, width) => {
    const image = noise(height * width, 2n);
    const { transform, multiplicity } = imageSpectrum(height, width);
    const values = transform(image, 0);
    const energy = multiplicity.reduce(
      (sum, m, f) => sum + m * (values[2 * f]! ** 2 + values[2 * f + 1]! ** 2),
      0,
    );
    expect(energy).toBeCloseTo(
      image.reduce((sum, v) => sum + v * v, 0),
      9,
    );
  });
});

describe("a spectral measurement", () => {
  // Two channels of 4 × 3, whose first row is much larger than the rest.
  const shape = [2, 4, 3];
  const deviations = Float64Array.from({ length: 24 }, (_, j) => (j % 12 < 3 ? 3 : 0.2));
  const covariance = Array.from({ length: 24 * 24 }, (_, k) => (k % 25 === 0 ? deviations[k / 25]! ** 2 : 0));
  const model = gaussianMixture({
    weights: [1],
    means: [Array<number>(24).fill(0.5)],
    covariances: [covariance],
    shape,
    process: edm({ sigmaMin: 0.05, sigmaMax: 30 }),
  });
  const count = 200;
  const data = noise(24 * count, 3n).map((z, at) => 0.5 + deviations[at % 24]! * z);

  it("sums to the risk and the variance over the frequencies", async () => {
    const source = imagesInMemory(data, 24, "rows");
    const artifact = await measureRisk(model, source, { levels: 6, spectral: true });
    const { frequencies, multiplicity, squaredError, variance, amplitude } = artifact.spectrum!;
    expect(frequencies).toEqual([2, 4, 2]);
    const total = (values: readonly number[]) =>
      values.reduce((sum, value, f) => sum + multiplicity[f]! * value, 0);
    artifact.risk.forEach((risk, level) => {
      expect(total(squaredError[level]!) / risk).toBeCloseTo(1, 5);
    });
    expect(total(variance) / artifact.dataVariance!).toBeCloseTo(1, 5);
    expect(amplitude.every((value) => value > 0)).toBe(true);
    const again = await measureRisk(model, source, { levels: 6, spectral: true, batch: 11 });
    expect(again).toEqual(artifact);
  });
});
