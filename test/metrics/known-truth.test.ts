import { describe, expect, it } from "vitest";
import {
  circle8,
  continuous5,
  discrete5,
  type MixtureWorld,
  sampleMixture,
} from "../../lib/denoiser/index.js";
import {
  bootstrap,
  bootstrapBinned,
  bootstrapModeWeights,
  bootstrapSliced,
  difference,
  interval,
  klBinned,
  klByNeighbours,
  logLikelihood,
  modeWeights,
  type Replicates,
  slicedWasserstein,
} from "../../lib/metrics/index.js";
import { mean, standardDeviation } from "../../lib/metrics/mean.js";
import { normals } from "../../lib/native/index.js";
import { claimedOverReal } from "./claimed-over-real.js";

/** Exact samples of a world. */
function exact(world: MixtureWorld, rows: number, seed: number): Float64Array {
  let drawn = 0;
  return sampleMixture(world, rows, (out) => {
    normals(out, BigUint64Array.of(BigInt(seed)), BigUint64Array.of(0n), 0, out.length * drawn++);
  });
}

const standard = (size: number): MixtureWorld => ({
  weights: [1],
  means: [new Array<number>(size).fill(0)],
  stds: [1],
  shape: [size],
});

describe("log-likelihood", () => {
  it("of a Gaussian's own samples is its entropy", () => {
    const found = logLikelihood(standard(3), exact(standard(3), 4000, 1));
    // d/2 ln(2 pi e), with deviation √(d/2n).
    expect(Math.abs(found.negativeMean - 1.5 * Math.log(2 * Math.PI * Math.E))).toBeLessThan(4 * 0.0194);
    expect(found.perSample).toHaveLength(4000);
    expect(() => logLikelihood(discrete5, Float64Array.of(0))).toThrow(/no density/);
    expect(() => logLikelihood(circle8, Float64Array.of(0))).toThrow(/rows of 2 numbers/);
  });
});

describe("KL divergence by neighbours", () => {
  it.each([1, 2, 4])("of a wider and shifted Gaussian in %d dimensions is the closed form's", (size) => {
    const [scale, shift] = [1.5, 0.5];
    const samples = exact(standard(size), 1500, 2).map((v) => scale * v + shift);
    const expected = size * (-Math.log(scale) + 0.5 * (scale ** 2 + shift ** 2 - 1));
    expect(Math.abs(klByNeighbours(standard(size), samples) - expected)).toBeLessThan(0.12 * Math.sqrt(size));
    expect(Math.abs(klByNeighbours(standard(size), exact(standard(size), 1500, 3)))).toBeLessThan(
      0.08 * Math.sqrt(size),
    );
  });

  it("refuses equal samples and too few", () => {
    expect(() => klByNeighbours(standard(1), new Float64Array(9))).toThrow(/equal/);
    expect(() => klByNeighbours(standard(1), Float64Array.of(1, 2))).toThrow(/at least 5 samples/);
  });
});

describe("KL divergence by bins", () => {
  // Within four standard errors of the mean over the draws: of 2n KL, a χ² of so many degrees as bins are filled.
  it.each([
    ["continuous5", continuous5, 500, 0.13],
    ["circle8", circle8, 500, 0.05],
    ["circle8", circle8, 4000, 0.03],
    ["discrete5", discrete5, 500, 0.45],
  ] as const)("of exact samples of %s is its floor on average", (_, world, rows, tolerance) => {
    const found = Array.from({ length: 40 }, (_, seed) => klBinned(world, exact(world, rows, seed + 10)));
    expect(Math.abs(mean(found.map(({ value }) => value)) / found[0]!.floor - 1)).toBeLessThan(tolerance);
  });

  it("of an exact sample or two has the floor that all outcomes average to", () => {
    const world = { ...discrete5, weights: [1, 2, 3, 4, 6] };
    const shares = [1, 2, 3, 4, 6].map((weight) => weight / 16);
    const single = shares.reduce((sum, p) => sum - p * Math.log(p), 0);
    expect(klBinned(world, Float64Array.of(0)).floor).toBeCloseTo(single, 10);
    const pairs = shares.flatMap((p) =>
      shares.map((q) => p * q * (p === q ? -Math.log(p) : -Math.log(2) - 0.5 * Math.log(p * q))),
    );
    const double = pairs.reduce((sum, term) => sum + term, 0);
    expect(klBinned(world, Float64Array.of(0, 0)).floor).toBeCloseTo(double, 10);
  });

  it("has the bootstrap of resampled rows", async () => {
    const samples = exact(circle8, 120, 3);
    const rows = (indices: Uint32Array) =>
      Float64Array.from([...indices].flatMap((row) => [...samples.subarray(2 * row, 2 * row + 2)]));
    const resampling = { resamples: 5, seed: 2 };
    const slow = await bootstrap((indices) => klBinned(circle8, rows(indices)).value, {
      count: 120,
      ...resampling,
    });
    expect(bootstrapBinned(circle8, samples, {}, resampling)).toEqual(slow);
    expect(new Set(slow.replicates).size).toBe(5);
  });

  it("sees a missing component", () => {
    const world = { ...discrete5, weights: [1, 1, 1, 1, 1] };
    const samples = exact({ ...world, weights: [1, 1, 1, 1, 1e-300] }, 4000, 5);
    // Four of five points: KL is ln(5/4).
    expect(klBinned(world, samples).value).toBeCloseTo(Math.log(5 / 4), 2);
  });

  it("counts all beyond its range in the outermost bins", () => {
    const { value } = klBinned(standard(1), Float64Array.of(-50, 50), { bins: 2, range: [-1, 1] });
    expect(value).toBeCloseTo(0, 12);
    expect(() => klBinned(standard(3), new Float64Array(3))).toThrow(/1 or 2 dimensions/);
    expect(() => klBinned(standard(1), new Float64Array(3), { range: [1, 1] })).toThrow(/low < high/);
  });
});

describe("sliced Wasserstein distance", () => {
  it("takes samples of any size", () => {
    const size = 200_000;
    const [a, b] = [new Float32Array(size), new Float32Array(size).fill(1)];
    const value = slicedWasserstein(a, b, size, { directions: 8 });
    expect(value).toBeGreaterThan(0.1); // a normal's size, along each direction
    expect(value).toBeLessThan(3);
  });

  it("in one dimension is the distance of sorted samples, also of sets of different sizes", () => {
    expect(slicedWasserstein(Float64Array.of(3, 1), Float64Array.of(1, 5), 1)).toBeCloseTo(Math.SQRT2, 12);
    // Quantiles: [0, 1/2) at 0 and [1/2, 1) at 2, against one sample at 1.
    expect(slicedWasserstein(Float64Array.of(0, 2), Float64Array.of(1), 1, { order: 1 })).toBeCloseTo(1, 12);
    const thrice = Float64Array.of(0, 0, 0, 2, 2, 2);
    expect(slicedWasserstein(Float64Array.of(0, 2), thrice, 1)).toBeCloseTo(0, 12);
  });

  it("of a shift by s in d dimensions tends to |s| / √d", () => {
    const a = exact(standard(4), 200, 6);
    const b = a.map((v, at) => v + (at % 4 === 0 ? 3 : 0));
    const found = slicedWasserstein(a, b, 4, { directions: 4000 });
    expect(Math.abs(found / 1.5 - 1)).toBeLessThan(0.06);
    expect(slicedWasserstein(a, b, 4, { seed: 1 })).toBe(slicedWasserstein(a, b, 4, { seed: 1 }));
    expect(slicedWasserstein(a, b, 4, { seed: 2 })).not.toBe(slicedWasserstein(a, b, 4, { seed: 1 }));
  });

  it.each([
    [1, 300],
    [2, 300],
    [2, 180],
    [3, 300],
  ])("of order %d to %d samples has the standard error of the jackknife", (order, others) => {
    const [a, b] = [exact(standard(3), 300, 6).map((v) => 1.3 * v), exact(standard(3), others, 7)];
    const options = { order, directions: 20 };
    const without = Array.from({ length: 300 }, (_, row) => {
      const rest = a.filter((_value, at) => Math.floor(at / 3) !== row);
      return slicedWasserstein(rest, b, 3, options);
    });
    const { value, replicates } = bootstrapSliced(a, b, 3, options, { resamples: 2000 });
    expect(value).toBe(slicedWasserstein(a, b, 3, options));
    const jackknife = (299 / Math.sqrt(300)) * standardDeviation(without);
    const { standardError } = interval({ value, replicates });
    expect(standardError / jackknife).toBeGreaterThan(0.9);
    expect(standardError / jackknife).toBeLessThan(1.1);
  });

  it("scatters as its intervals say, and so does the difference of two methods", () => {
    const truth = exact(circle8, 150, 1);
    const pairs = Array.from({ length: 80 }, (_, set) => {
      const own = exact(circle8, 150, 100 + set);
      const wider = own.map((v) => 1.3 * v);
      return [own, wider].map((samples) => bootstrapSliced(samples, truth, 2, { directions: 16 }));
    }) as [Replicates, Replicates][];
    const single = claimedOverReal(pairs.map(([own]) => own));
    const gap = claimedOverReal(pairs.map(([own, wider]) => difference(wider, own)));
    // A single distance near zero errs upwards. Distances of resampled rows would give 0.75 for the difference.
    expect(single).toBeGreaterThan(0.9);
    expect(single).toBeLessThan(1.5);
    expect(gap).toBeGreaterThan(0.8);
    expect(gap).toBeLessThan(1.25);
  });

  it("of a set to itself is zero, whichever samples are drawn", () => {
    const a = exact(standard(2), 30, 8);
    const { value, replicates } = bootstrapSliced(a, a, 2, {}, { resamples: 5 });
    expect([value, ...replicates]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe("mode weights", () => {
  it("of exact samples are not rejected more often than p says", () => {
    const values = Array.from(
      { length: 200 },
      (_, seed) => modeWeights(circle8, exact(circle8, 300, seed + 10)).pValue,
    );
    // p is uniform: 20 of 200 below 0.1 on average, with a deviation of 4.2.
    const below = values.filter((p) => p < 0.1).length;
    expect(below).toBeGreaterThan(4);
    expect(below).toBeLessThan(38);
  });

  it("rejects other weights, and gives Pearson's statistic", () => {
    const even = { ...circle8, weights: new Array<number>(8).fill(1) };
    const found = modeWeights(even, exact(circle8, 1000, 9));
    expect(found.pValue).toBeLessThan(1e-6);
    expect(found.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const world: MixtureWorld = { weights: [1, 1], means: [[-5], [5]], stds: [1, 1], shape: [1] };
    const sides = Float64Array.from({ length: 20 }, (_, i) => (i < 14 ? 5 : -5));
    // (4² + 4²) / 10 = 3.2 with one degree of freedom: p = erfc(√1.6) = 0.0736
    expect(modeWeights(world, sides)).toMatchObject({ chiSquared: 3.2, degrees: 1 });
    expect(modeWeights(world, sides).pValue).toBeCloseTo(0.0736383, 6);
  });

  it("scatter as their intervals say, of exact samples and of others", () => {
    const uneven = { ...circle8, weights: Array.from(circle8.weights).reverse() };
    for (const drawn of [circle8, uneven]) {
      const found = Array.from({ length: 100 }, (_, set) =>
        bootstrapModeWeights(circle8, exact(drawn, 500, 1000 + set), { seed: set }),
      );
      expect(found[0]!.value).toBe(modeWeights(circle8, exact(drawn, 500, 1000)).chiSquared);
      // χ² of resampled rows would scatter 1.6 times as much as that of exact samples.
      expect(claimedOverReal(found)).toBeGreaterThan(0.8);
      expect(claimedOverReal(found)).toBeLessThan(1.4);
    }
  });

  it("says how many samples the test needs, and what points need", () => {
    expect(() => modeWeights(circle8, new Float64Array(20))).toThrow(/at least 63 samples, received 10/);
    const points = exact(discrete5, 100, 1);
    expect(() => modeWeights(discrete5, points)).toThrow(/no density/);
    expect(modeWeights(discrete5, points, 0.01).weights).toHaveLength(5);
  });
});

it("mixtures of very many components have bins and modes too", () => {
  const count = 150_000;
  const world = {
    shape: [1],
    weights: new Float64Array(count).fill(1),
    means: Array.from({ length: count }, (_, k) => [k / count]),
    stds: new Float64Array(count).fill(0.1),
  };
  expect(klBinned(world, Float64Array.of(0.1, 0.9), { bins: 2 }).value).toBeCloseTo(0, 6);
  expect(() => modeWeights(world, Float64Array.of(0.1, 0.9))).toThrow(/at least 750000 samples, received 2/);
});
