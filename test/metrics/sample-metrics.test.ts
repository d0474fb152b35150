import { describe, expect, it } from "vitest";
import {
  classAccuracy,
  inceptionScore,
  kernelDistance,
  precisionRecall,
  rmse,
} from "../../lib/metrics/index.js";
import { squaredRadii } from "../../lib/metrics/precision-recall.js";
import { noise } from "./recipe.js";

/** Unbiased MMD² written as its definition. */
function plainKernelDistance(a: Float64Array, b: Float64Array, d: number): number {
  const k = (x: Float64Array, i: number, y: Float64Array, j: number) => {
    let sum = 0;
    for (let c = 0; c < d; c++) sum += x[i * d + c]! * y[j * d + c]!;
    return (sum / d + 1) ** 3;
  };
  const [m, n] = [a.length / d, b.length / d];
  let value = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) if (i !== j) value += k(a, i, a, j) / (m * (m - 1));
    for (let j = 0; j < n; j++) value -= (2 * k(a, i, b, j)) / (m * n);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (i !== j) value += k(b, i, b, j) / (n * (n - 1));
  }
  return value;
}

describe("kernel distance", () => {
  it("is its definition, for other numbers of samples and types too", async () => {
    const [a, b] = [noise(1, 150 * 5), noise(2, 40 * 5).map((v) => v + 0.3)];
    const { value } = await kernelDistance(a, b, 5);
    expect(value).toBeCloseTo(plainKernelDistance(a, b, 5), 12);
    expect((await kernelDistance(Float32Array.from(a), b, 5)).value).toBeCloseTo(value, 6);
  });

  it("is unbiased, and errs upwards in its standard error where the distributions are the same", async () => {
    const runs = 200;
    const found = [];
    for (let seed = 0; seed < runs; seed++) {
      found.push(await kernelDistance(noise(100 + seed, 20 * 4), noise(500 + seed, 30 * 4), 4));
    }
    const mean = found.reduce((sum, { value }) => sum + value, 0) / runs;
    const deviation = Math.sqrt(found.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (runs - 1));
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(runs));
    const claimed = Math.sqrt(found.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / runs);
    // By up to √2: what is left is the second-order term of the U-statistic, of which the jackknife sees twice the variance.
    expect(claimed / deviation).toBeGreaterThan(1.1);
    expect(claimed / deviation).toBeLessThan(1.7);
  });

  it("has the right standard error where the distributions differ", async () => {
    const runs = 150;
    const found = [];
    for (let seed = 0; seed < runs; seed++) {
      const far = noise(900 + seed, 40 * 4).map((v) => v + 1);
      found.push(await kernelDistance(noise(1300 + seed, 40 * 4), far, 4));
    }
    const mean = found.reduce((sum, { value }) => sum + value, 0) / runs;
    const deviation = Math.sqrt(found.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (runs - 1));
    const claimed = Math.sqrt(found.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / runs);
    expect(claimed / deviation).toBeGreaterThan(0.8);
    expect(claimed / deviation).toBeLessThan(1.25);
  });

  it("refuses too few samples, and says which is not finite", async () => {
    await expect(kernelDistance(noise(1, 4), noise(2, 8), 2)).rejects.toThrow(
      /at least 3 samples, received 2/,
    );
    const broken = noise(1, 8);
    broken[5] = Number.NaN;
    await expect(kernelDistance(noise(2, 8), broken, 2)).rejects.toThrow(/b: sample 2 is not finite/);
  });
});

describe("precision and recall", () => {
  it("of the same set are 1, of sets far apart 0", async () => {
    const a = noise(3, 60 * 3);
    expect(await precisionRecall(a, a, 3)).toMatchObject({ precision: 1, recall: 1 });
    const far = a.map((v) => v + 100);
    expect(await precisionRecall(a, far, 3)).toMatchObject({ precision: 0, recall: 0 });
  });

  it("of a set that covers half: precise, with half the recall", async () => {
    const real = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? i : 1000 + i));
    const generated = Float64Array.from({ length: 20 }, (_, i) => i + 0.25);
    const found = await precisionRecall(real, generated, 1);
    expect(found).toMatchObject({ precision: 1, recall: 0.5 });
    expect([...found.recalled]).toEqual(Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : 0)));
  });

  it("reaches to the k-th nearest neighbour", async () => {
    const places = Float32Array.of(0, 1, 3, 7, 15);
    expect([...(await squaredRadii(places, 1, 2))]).toEqual([9, 4, 9, 36, 144]);
    // 20.5 lies within 15 ± √144 only.
    const generated = Float32Array.of(20.5, 40, 60, 80);
    expect((await precisionRecall(places, generated, 1, 2)).precision).toBe(0.25);
    expect((await precisionRecall(places, generated, 1, 1)).precision).toBe(0.25);
    await expect(precisionRecall(places, generated, 1, 4)).rejects.toThrow(/at least 5 samples, received 4/);
  });
});

describe("Inception score", () => {
  const oneHot = (label: number, classes: number) =>
    Array.from({ length: classes }, (_, y) => (y === label ? 60 : 0));

  it("is the number of classes for sure and even predictions, 1 for equal ones", () => {
    const even = Float64Array.from(Array.from({ length: 40 }, (_, i) => oneHot(i % 4, 4)).flat());
    expect(inceptionScore(even, 4, 5).score).toBeCloseTo(4, 10);
    const equal = Float64Array.from(Array.from({ length: 40 }, () => [0.3, -1, 2, 0]).flat());
    expect(inceptionScore(equal, 4, 5).score).toBeCloseTo(1, 10);
  });

  it("has splits of consecutive samples", () => {
    const logits = Float64Array.from([oneHot(0, 2), oneHot(1, 2), oneHot(0, 2), oneHot(0, 2)].flat());
    const { score, standardDeviation, perSplit } = inceptionScore(logits, 2, 2);
    expect([...perSplit].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([2, 1]);
    expect([score, standardDeviation].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([1.5, 0.5]);
    expect(() => inceptionScore(logits, 2, 5)).toThrow(/5 splits needs at least 5 samples, received 4/);
  });
});

describe("accuracy and RMSE", () => {
  it("count and measure per sample", () => {
    const { accuracy, perSample } = classAccuracy(Float32Array.of(1, 2, 3, 0, 0, -1), 2, [1, 0, 1]);
    expect([accuracy, ...perSample]).toEqual([2 / 3, 1, 1, 0]);
    expect(() => classAccuracy(Float32Array.of(1, 2), 2, [2])).toThrow(/from 0 to 1/);
    const found = rmse(Float32Array.of(0, 0, 3, 4), Float64Array.of(0, 0, 0, 0), 2);
    expect([...found.perSample]).toEqual([0, Math.sqrt(12.5)]);
    expect(found.mean).toBeCloseTo(Math.sqrt(12.5) / 2, 12);
    expect(() => rmse(new Float32Array(4), new Float32Array(2), 2)).toThrow(/expected 2 samples, received 1/);
  });
});
