import { describe, expect, it } from "vitest";
import { resamples } from "../../lib/metrics/bootstrap.js";
import {
  averageReplicates,
  bootstrap,
  bootstrapMean,
  difference,
  interval,
  overSeeds,
} from "../../lib/metrics/index.js";
import { noise } from "./recipe.js";

describe("bootstrap", () => {
  it("of a mean has the mean's standard error", () => {
    const values = noise(1, 400);
    const centre = values.reduce((a, b) => a + b, 0) / 400;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / 400);
    const found = interval(bootstrapMean(values, { resamples: 2000, seed: 3 }));
    expect(found.value).toBeCloseTo(centre, 12);
    expect(found.standardError / (deviation / 20)).toBeGreaterThan(0.94);
    expect(found.standardError / (deviation / 20)).toBeLessThan(1.06);
  });

  it("intervals hold the truth about as often as they say", () => {
    let held = 0;
    for (let seed = 0; seed < 300; seed++) {
      // The mean of 60 squares of uniform numbers on (-1/2, 1/2) is 1/12 on average.
      const { low, high } = interval(
        bootstrapMean(
          noise(100 + seed, 60).map((v) => v * v),
          { seed },
        ),
        0.9,
      );
      if (low <= 1 / 12 && 1 / 12 <= high) held++;
    }
    // 0.9 of 300 is 270; four standard deviations of a binomial are 21, and small samples cover a little less.
    expect(held).toBeGreaterThan(243);
    expect(held).toBeLessThan(292);
  });

  it("is the same for any metric of indices, and for the same seed", async () => {
    const values = noise(2, 50);
    const byIndices = await bootstrap(
      (indices) => indices.reduce((sum, i) => sum + values[i]!, 0) / indices.length,
      { count: 50, seed: 9 },
    );
    const fast = bootstrapMean(values, { seed: 9 });
    for (const [r, value] of fast.replicates.entries()) {
      expect(byIndices.replicates[r]).toBeCloseTo(value, 12);
    }
    expect(bootstrapMean(values, { seed: 9 })).toEqual(fast);
    expect(bootstrapMean(values, { seed: 10 }).replicates).not.toEqual(fast.replicates);
  });

  it("pairs methods: what noises do to both cancels in the difference", () => {
    const shared = noise(3, 300);
    const [a, b] = [shared, shared.map((v, i) => v + 0.01 + 0.001 * noise(4, 300)[i]!)];
    const [first, second] = [bootstrapMean(a), bootstrapMean(b)];
    expect(interval(first).standardError).toBeGreaterThan(0.01);
    const gap = interval(difference(second, first));
    expect(gap.beyondNoise).toBe(true);
    expect(gap.standardError).toBeLessThan(1e-4);
    expect(interval(difference(first, first)).beyondNoise).toBe(false);
  });

  it("draws every index equally often", () => {
    const counts = new Array<number>(7).fill(0);
    for (const indices of resamples({ count: 7, resamples: 3000, seed: 5 }))
      for (const index of indices) counts[index]!++;
    // Each is binomial with mean 3000 and deviation about 51.
    for (const count of counts) expect(Math.abs(count - 3000)).toBeLessThan(4.5 * 51);
  });

  it("averages over seeds, whose noise falls with their number", () => {
    const each = Array.from({ length: 4 }, (_, seed) => bootstrapMean(noise(20 + seed, 200), { seed }));
    const average = interval(averageReplicates(each));
    const ratio = average.standardError / interval(each[0]!).standardError;
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(0.6);
    const summary = overSeeds([1, 2, 3, 4]);
    // t_{0.975, 3} = 3.182446
    expect(summary).toMatchObject({ mean: 2.5, standardDeviation: Math.sqrt(5 / 3) });
    expect((summary.high - 2.5) / summary.standardError).toBeCloseTo(3.182446, 5);
  });

  it("refuses what gives no interval", () => {
    expect(() => overSeeds([1])).toThrow(/at least 2/);
    expect(() => bootstrapMean([])).toThrow(/count: expected an integer ≥ 1, received 0/);
    expect(() => bootstrapMean([1, 2], { resamples: 1 })).toThrow(/resamples/);
    expect(() => bootstrapMean([1, 2], { seed: -1 })).toThrow(/seed/);
    expect(() => interval({ value: 1, replicates: Float64Array.of(1, 2) }, 1)).toThrow(/confidence/);
    const two = { value: 1, replicates: Float64Array.of(1, 2) };
    expect(() => difference(two, { value: 1, replicates: Float64Array.of(1) })).toThrow(/both sides/);
  });
});
