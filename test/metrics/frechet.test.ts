import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readNpy } from "../../lib/io/index.js";
import {
  bootstrapFrechet,
  featureStatistics,
  frechetDistance,
  openFeatures,
  StatisticsAccumulator,
} from "../../lib/metrics/index.js";
import { normals } from "../../lib/native/index.js";

function noise(length: number, seed: bigint): Float64Array {
  const values = new Float64Array(length);
  normals(values, BigUint64Array.of(seed), BigUint64Array.of(0n), 0);
  return values;
}

const gaussian = (mean: number[], covariance: number[]) => ({
  mean: Float64Array.from(mean),
  covariance: Float64Array.from(covariance),
});

describe("Fréchet distance", () => {
  it("of commuting covariances is the difference of means and of deviations", async () => {
    const a = gaussian([0, 1], [4, 0, 0, 9]);
    const b = gaussian([3, 1], [1, 0, 0, 25]);
    expect(await frechetDistance(a, b)).toBeCloseTo(9 + (2 - 1) ** 2 + (3 - 5) ** 2, 12);
  });

  it("of general 2 × 2 covariances has a closed form", async () => {
    // tr √(AB) = √(tr AB + 2 √det AB) for 2 × 2 matrices with positive eigenvalues.
    const [p, q] = [
      [2, 0.7, 0.7, 1],
      [1.5, -0.9, -0.9, 3],
    ] as const;
    const product = p[0] * q[0] + 2 * p[1] * q[1] + p[3] * q[3];
    const determinant = (p[0] * p[3] - p[1] ** 2) * (q[0] * q[3] - q[1] ** 2);
    const expected = 1 + p[0] + p[3] + q[0] + q[3] - 2 * Math.sqrt(product + 2 * Math.sqrt(determinant));
    expect(await frechetDistance(gaussian([0, 0], [...p]), gaussian([0, 1], [...q]))).toBeCloseTo(
      expected,
      12,
    );
  });

  it("is symmetric and zero only to itself, singular covariances too", async () => {
    const statistics = [1n, 2n].map((seed) => {
      const accumulator = new StatisticsAccumulator(12);
      accumulator.add(noise(12 * 6, seed)); // six vectors: rank 5
      return accumulator.statistics();
    });
    const [a, b] = statistics as [(typeof statistics)[0], (typeof statistics)[0]];
    expect(await frechetDistance(a, a)).toBeLessThan(1e-6);
    expect(await frechetDistance(a, b)).toBeGreaterThan(1);
    expect(await frechetDistance(a, b)).toBeCloseTo(await frechetDistance(b, a), 6);
  });

  it("does not change under a rotation of both, and takes their shift alone for the means", async () => {
    const [rows, d] = [400, 8];
    const [x, y] = [noise(rows * d, 5n), noise(rows * d, 6n).map((z, at) => (1 + (at % d)) * z)];
    // A Householder reflection is orthogonal.
    const v = noise(d, 7n);
    const square = v.reduce((sum, one) => sum + one * one, 0);
    const turned = (from: Float64Array) =>
      from.map((value, at) => {
        const row = from.subarray(at - (at % d), at - (at % d) + d);
        return value - (2 * v[at % d]! * row.reduce((sum, one, j) => sum + one * v[j]!, 0)) / square;
      });
    const between = async (a: Float64Array, b: Float64Array) =>
      frechetDistance(featureStatistics(a, d), featureStatistics(b, d));
    const distance = await between(x, y);
    expect(await between(turned(x), turned(y))).toBeCloseTo(distance, 9);
    const shifted = x.map((value, at) => value + (at % d === 2 ? 3 : 0));
    expect(await between(x, shifted)).toBeCloseTo(9, 9);
  });

  it("refuses other dimensions and NaN", async () => {
    const one = gaussian([0], [1]);
    await expect(frechetDistance(one, gaussian([0, 0], [1, 0, 0, 1]))).rejects.toThrow(/expected 1 means/);
    await expect(frechetDistance(one, gaussian([Number.NaN], [1]))).rejects.toThrow(/finite/);
  });
});

describe("statistics", () => {
  it("do not depend on how the vectors arrive, nor cancel far from zero", () => {
    const rows = noise(5 * 40, 3n).map((z, at) => 1e6 * (at % 5) + z);
    const parts = new StatisticsAccumulator(5);
    for (let at = 0; at < rows.length; at += 35) parts.add(rows.subarray(at, at + 35));
    const whole = new StatisticsAccumulator(5);
    whole.add(rows);
    expect(parts.statistics()).toEqual(whole.statistics());
    const { mean, covariance } = whole.statistics();
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 5; j++) {
        let expected = 0;
        for (let r = 0; r < 40; r++)
          expected += (rows[5 * r + i]! - mean[i]!) * (rows[5 * r + j]! - mean[j]!);
        expect(covariance[5 * i + j]).toBeCloseTo(expected / 39, 8);
      }
    }
  });
});

describe("the bundled features", () => {
  it("held-out images are near the statistics of which they are two thirds", async () => {
    const folder = fileURLToPath(new URL("../../models/digits", import.meta.url));
    const network = await openFeatures(folder);
    const images = await readNpy(`${folder}/heldout.npy`);
    const accumulator = new StatisticsAccumulator(network.dimension);
    accumulator.add(
      await network.extract(Float32Array.from(images.data as Uint8Array, (byte) => byte / 127.5 - 1)),
    );
    expect(await frechetDistance(accumulator.statistics(), network.reference!)).toBeLessThan(0.2);
    await network.close();
  });
});

describe("the bootstrap of the Fréchet distance in many dimensions", () => {
  const dimension = 520;
  const unit = { mean: new Float64Array(dimension), covariance: identity(dimension) };
  const three = Float64Array.from({ length: 3 * dimension }, (_, i) => Math.sin(i));

  it("leaves two samples outside of every group, however few resamples are asked for", async () => {
    const { value, replicates } = await bootstrapFrechet(three, unit, { resamples: 2 });
    expect([...replicates, value].every(Number.isFinite)).toBe(true);
  });

  it.each([0, 1, NaN])("refuses %s resamples before any work", async (resamples) => {
    await expect(bootstrapFrechet(three, unit, { resamples })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "resamples",
    });
  });

  it("refuses more dimensions than a covariance can have", () => {
    expect(() => featureStatistics(three, 1e5)).toThrow(/dimension: expected an integer from 1 to 32768/);
  });

  function identity(size: number): Float64Array {
    return Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
  }
});
