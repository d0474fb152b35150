import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absoluteQuantile, clamp, firstNonFinite, threshold } from "../../lib/native/index.js";
import { type Dtype, randomVector, rounding, zeros } from "./vectors.js";

function quantile(values: Iterable<number>, q: number): number {
  const sorted = Float64Array.from(values, Math.abs).sort();
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (position - below);
}

const dtypes = fc.constantFrom<Dtype>("float32", "float64");

describe("absoluteQuantile", () => {
  it("equals sorting and interpolating, per row", () => {
    fc.assert(
      fc.property(
        dtypes,
        fc.constantFrom(1, 2, 5),
        fc.oneof(fc.constantFrom(1, 2, 3, 17, 4097), fc.integer({ min: 1, max: 600 })),
        fc.oneof(fc.constantFrom(0, 0.5, 0.995, 1), fc.double({ min: 0, max: 1, noNaN: true })),
        fc.integer({ min: 1, max: 1e6 }),
        (dtype, rows, size, q, seed) => {
          const v = randomVector(dtype, rows * size, seed, seed % 3);
          const out = new Float64Array(rows);
          absoluteQuantile(out, v, q, rows);
          out.forEach((value, row) => {
            expect(value).toBe(quantile(v.subarray(row * size, (row + 1) * size), q));
          });
        },
      ),
      { seed: 20261121, numRuns: 200 },
    );
  });

  it("is right for equal values, many zeros, infinities and a wide range of magnitudes", () => {
    const out = new Float64Array(1);
    const rows = [
      new Array(1000).fill(-3),
      [...new Array(990).fill(0), ...new Array(10).fill(5)],
      [1, 2, Number.POSITIVE_INFINITY, 4],
      Array.from({ length: 300 }, (_, i) => 10 ** ((i % 60) - 30)),
      // Enough to be counted by their bits: equal ones, halves far apart, infinities, and some that differ in their last bits.
      new Array(2000).fill(0.1),
      Array.from({ length: 3000 }, (_, i) => (i % 2 ? 1e-20 : -1e20)),
      Array.from({ length: 3000 }, (_, i) => (i % 100 ? -i : Number.NEGATIVE_INFINITY)),
      Array.from({ length: 9000 }, (_, i) => 1 + ((i * 7919) % 9001) * 2 ** -23),
    ];
    for (const row of rows) {
      for (const dtype of ["float32", "float64"] as const) {
        for (const q of [0, 0.25, 0.5, 0.99]) {
          const v = zeros(dtype, row.length);
          v.set(row);
          absoluteQuantile(out, v, q, 1);
          expect(out[0]).toBe(quantile(v, q));
        }
      }
    }
  });

  it("is NaN where the row holds one", () => {
    const out = new Float64Array(2);
    absoluteQuantile(out, Float32Array.of(1, Number.NaN, 3, 4), 0.5, 2);
    expect([...out]).toEqual([Number.NaN, 3.5]);
    for (const dtype of ["float32", "float64"] as const) {
      const v = randomVector(dtype, 2 * 5000, 3);
      v[700] = Number.POSITIVE_INFINITY;
      v[9999] = -Number.NaN;
      absoluteQuantile(out, v, 0.5, 2);
      expect([...out]).toEqual([quantile(v.subarray(0, 5000), 0.5), Number.NaN]);
    }
  });

  it("leaves its input alone", () => {
    const v = randomVector("float64", 1000, 5);
    const before = v.slice();
    absoluteQuantile(new Float64Array(1), v, 0.9, 1);
    expect(v).toEqual(before);
  });
});

describe("clamp and threshold", () => {
  it("limit every value, in place too", () => {
    fc.assert(
      fc.property(
        dtypes,
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 1e6 }),
        (dtype, n, seed) => {
          const round = rounding(dtype);
          const v = randomVector(dtype, n, seed, seed % 5);
          const out = zeros(dtype, n);
          clamp(out, v, -0.3, 0.7);
          expect(out).toEqual(v.map((x) => Math.min(Math.max(x, round(-0.3)), round(0.7))));
          clamp(v, v, -0.3, 0.7);
          expect(v).toEqual(out);
        },
      ),
      { seed: 20261121 },
    );
  });

  it("rescale each row by its own limit with one true division", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const round = rounding(dtype);
      const v = randomVector(dtype, 3 * 777, 8);
      const limits = Float64Array.of(1, 1.3, 0.6);
      const out = zeros(dtype, v.length);
      threshold(out, v, limits);
      out.forEach((value, i) => {
        const limit = round(limits[Math.floor(i / 777)]!);
        expect(value).toBe(round(Math.min(Math.max(v[i]!, -limit), limit) / limit));
      });
      threshold(v, v, limits);
      expect(v).toEqual(out);
    }
  });

  it("let NaN pass", () => {
    const v = Float32Array.of(Number.NaN, 9);
    clamp(v, v, -1, 1);
    expect([...v]).toEqual([Number.NaN, 1]);
    threshold(v, v, Float64Array.of(0.5));
    expect([...v]).toEqual([Number.NaN, 1]);
  });
});

describe("firstNonFinite", () => {
  it("finds the first of several, wherever it stands", () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const length of [0, 1, 511, 512, 513, 3000]) {
        const v = randomVector(dtype, length, 3);
        expect(firstNonFinite(v)).toBe(-1);
        for (let at = 0; at < length; at += 97) {
          const broken = v.slice();
          broken[at] = at % 2 ? Number.NaN : Number.NEGATIVE_INFINITY;
          broken[length - 1] = Number.POSITIVE_INFINITY;
          expect(firstNonFinite(broken)).toBe(at);
        }
      }
    }
  });

  it("takes the largest finite numbers for finite", () => {
    expect(firstNonFinite(Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e-45))).toBe(-1);
    expect(firstNonFinite(Float64Array.of(Number.MAX_VALUE, Number.MIN_VALUE, -0))).toBe(-1);
  });
});
