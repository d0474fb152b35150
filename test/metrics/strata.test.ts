import { describe, expect, it } from "vitest";
import { resamples } from "../../lib/metrics/bootstrap.js";
import {
  bootstrapFrechet,
  bootstrapMean,
  difference,
  featureStatistics,
  frechetDistance,
  interval,
  type Replicates,
} from "../../lib/metrics/index.js";
import { influences, jackknifeGroups } from "../../lib/metrics/jackknife.js";
import { distancesWithout } from "../../lib/native/index.js";
import { claimedOverReal } from "./claimed-over-real.js";
import { noise } from "./recipe.js";

const classes = Array.from({ length: 60 }, (_, i) => i % 3);

describe("resamples by class", () => {
  it("have as many of every class as there are", () => {
    const draws = [...resamples({ count: 60, resamples: 20, seed: 4, strata: classes })];
    expect(draws).toHaveLength(20);
    for (const indices of draws)
      for (const [place, sample] of indices.entries()) expect(classes[sample]).toBe(classes[place]);
    expect(new Set(draws.flatMap((indices) => [...indices])).size).toBe(60);
  });

  it("leave out what the numbers per class would add to the noise", () => {
    const values = classes.map((label, i) => label + 0.1 * noise(5, 60)[i]!);
    const [free, fixed] = [undefined, classes].map((strata) =>
      interval(bootstrapMean(values, { resamples: 500, ...(strata ? { strata } : {}) })),
    );
    expect(free!.standardError).toBeGreaterThan(0.08);
    expect(fixed!.standardError).toBeLessThan(0.01);
  });

  it("are of all samples where a class has fewer than ten", () => {
    const few = Array.from({ length: 60 }, (_, i) => i % 7);
    expect([...resamples({ count: 60, strata: few })]).toEqual([...resamples({ count: 60 })]);
  });

  it("need a class for every sample", () => {
    expect(() => resamples({ count: 59, strata: classes })).toThrow(/a class for each of 59/);
  });
});

describe("the jackknife's groups", () => {
  it("are single samples of few, and pieces of one class of many", () => {
    expect(jackknifeGroups(60, classes).sizes).toEqual(new Array(60).fill(1));
    const many = Array.from({ length: 1000 }, (_, i) => i % 10);
    const { group, sizes, strata } = jackknifeGroups(1000, many);
    expect(sizes).toEqual(new Array(250).fill(4));
    expect(strata).toHaveLength(10);
    for (const [index, list] of strata.entries()) {
      for (const g of list) for (let i = 0; i < 1000; i++) if (group[i] === g) expect(many[i]).toBe(index);
    }
  });

  it("are as few as are asked for, where a metric is dear", async () => {
    expect(jackknifeGroups(100, undefined, 25).sizes).toEqual(new Array(25).fill(4));
    const [wide, rows] = [520, 12];
    const reference = featureStatistics(noise(8, 40 * wide), wide);
    const { value, replicates } = await bootstrapFrechet(noise(9, rows * wide), reference, {
      resamples: 2,
      seed: 3,
    });
    // Two groups, whose influences are a and -a: a resample is off by 2a either way, or by nothing.
    const off = Array.from(replicates, (one) => Math.round(Math.abs(one / value - 1) * 1e9)).filter(
      (one) => one > 0,
    );
    expect(new Set(off).size).toBe(1);
  });

  it("hold their share of every class where there are too many classes", () => {
    const many = Array.from({ length: 3000 }, (_, i) => i % 100);
    const { group, strata } = jackknifeGroups(3000, many);
    expect(strata).toHaveLength(1);
    const first = many.filter((_, i) => group[i] === 0);
    expect(new Set(first).size).toBe(first.length);
  });

  it("give a mean's own influences", () => {
    const values = noise(6, 40);
    const centre = values.reduce((a, b) => a + b, 0) / 40;
    const groups = jackknifeGroups(40);
    const without = Float64Array.from(values, (value) => (40 * centre - value) / 39);
    for (const [i, own] of influences(centre, without, groups).entries())
      expect(own).toBeCloseTo((values[i]! - centre) / 40, 12);
  });
});

describe("the Fréchet distance", () => {
  // More rows than dimensions, and fewer: the two ways of the fast path.
  it.each([
    [40, 6],
    [12, 30],
  ])("without each group is that of the others, %d rows of %d features", async (rows, dimension) => {
    const features = noise(31, rows * dimension).map((value, at) => value + 0.01 * (at % dimension));
    const reference = featureStatistics(noise(32, 200 * dimension), dimension);
    const own = featureStatistics(features, dimension);
    const group = Uint32Array.from({ length: rows }, (_, i) => i % 5);
    const centred = Float64Array.from(features, (value, at) => value - own.mean[at % dimension]!);
    const gap = own.mean.map((mean, j) => mean - reference.mean[j]!);
    const found = await distancesWithout(centred, gap, reference.covariance, group, 5);
    for (const [g, value] of found.entries()) {
      const others = Array.from(group.keys()).filter((row) => group[row] !== g);
      const kept = Float64Array.from(
        others.flatMap((row) => [...features.subarray(row * dimension, (row + 1) * dimension)]),
      );
      const expected = await frechetDistance(featureStatistics(kept, dimension), reference);
      expect(Math.abs(value / expected - 1)).toBeLessThan(1e-6);
    }
  });

  // 60 sets of 100 samples of one distribution, with shared noise between two methods: what the intervals say is held
  // against how the distances really scatter.
  it("scatters as its intervals say", async () => {
    const [d, n, sets] = [8, 100, 60];
    const reference = featureStatistics(noise(33, 20_000 * d), d);
    const pairs: [Replicates, Replicates][] = [];
    for (let set = 0; set < sets; set++) {
      const shared = noise(1000 + set, n * d);
      const own = noise(2000 + set, n * d);
      const other = shared.map((value, i) => 1.1 * value + 0.3 * own[i]!);
      const found = await Promise.all(
        [shared, other].map((features) => bootstrapFrechet(features, reference)),
      );
      pairs.push([found[0]!, found[1]!]);
    }
    const value = claimedOverReal(pairs.map(([a]) => a));
    const gap = claimedOverReal(pairs.map(([a, b]) => difference(b, a)));
    // The jackknife errs upwards. Distances of resampled rows would give 1.78 and 1.26 here.
    expect(value).toBeGreaterThan(1);
    expect(value).toBeLessThan(1.6);
    expect(gap).toBeGreaterThan(0.9);
    expect(gap).toBeLessThan(1.2);
  });
});
