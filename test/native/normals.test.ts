import { describe, expect, it } from "vitest";
import { normals } from "../../lib/native/index.js";
import { normalAt, philox4x32 } from "./philox.js";
import { type Dtype, zeros } from "./vectors.js";

function draw(dtype: Dtype, length: number, seed = 42n, stream = 0, sample = 0n, offset = 0) {
  const out = zeros(dtype, length);
  normals(out, BigUint64Array.of(seed), BigUint64Array.of(sample), stream, offset);
  return out;
}

/** The error function to 1.2e-7 by Abramowitz and Stegun 7.1.26's successor (Numerical Recipes' erfc). */
function cumulative(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * z);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const tail = 0.5 * t * Math.exp(-z * z + coefficients.reduceRight((sum, c) => sum * t + c, 0));
  return x > 0 ? 1 - tail : tail;
}

describe("the reference generator of these tests", () => {
  it("gives the known answers published with Random123", () => {
    expect(philox4x32([0n, 0n, 0n, 0n], [0n, 0n])).toEqual([
      0x6627e8d5n,
      0xe169c58dn,
      0xbc57ac4cn,
      0x9b00dbd8n,
    ]);
    const ones = 0xffffffffn;
    expect(philox4x32([ones, ones, ones, ones], [ones, ones])).toEqual([
      0x408f276dn,
      0x41c83b0en,
      0xa20bc7c6n,
      0x6d5451fdn,
    ]);
    expect(
      philox4x32([0x243f6a88n, 0x85a308d3n, 0x13198a2en, 0x03707344n], [0xa4093822n, 0x299f31d0n]),
    ).toEqual([0xd16cfe09n, 0x94fdccebn, 0x5001e420n, 0x24126ea1n]);
  });
});

describe("normals", () => {
  it("follow from (seed, stream, sample, element) alone", () => {
    const places: [seed: bigint, stream: number, sample: bigint, offset: number][] = [
      [0n, 0, 0n, 0],
      [0xfedcba9876543210n, 7, 3n, 1],
      [2n ** 64n - 1n, 2 ** 32 - 1, 2n ** 32n - 1n, 1023],
      [1n, 5, 9n, 2 ** 40 + 3],
      // Where the block's high word changes.
      [3n, 0, 0n, 2 ** 34 - 2],
    ];
    for (const [seed, stream, sample, offset] of places) {
      for (const length of [1, 2, 3, 5, 17, 700]) {
        draw("float64", length, seed, stream, sample, offset).forEach((value, i) => {
          const reference = normalAt(seed, stream, sample, BigInt(offset) + BigInt(i));
          expect(Math.abs(value - reference)).toBeLessThan(2e-15 * (1 + Math.abs(reference)));
        });
      }
    }
  });

  it("are the same noise in float32 and float64", () => {
    const single = draw("float32", 1 << 20);
    const double = draw("float64", 1 << 20);
    let worst = 0;
    single.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - double[i]!));
    });
    // Measured 6.0e-7 over 4 million; the largest values are near 5, whose float32 spacing is 4.8e-7.
    expect(worst).toBeLessThan(1e-6);
  });

  it("give any part of the sequence alone", () => {
    const whole = draw("float32", 5000, 9n, 1, 2n);
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [3, 9],
      [510, 514],
      [511, 1537],
      [4999, 5000],
    ] as const) {
      expect(draw("float32", to - from, 9n, 1, 2n, from)).toEqual(whole.subarray(from, to));
    }
  });

  it("give each row its own seed and sample, whatever it is batched with", () => {
    const out = new Float64Array(3 * 100);
    normals(out, BigUint64Array.of(5n, 5n, 6n), BigUint64Array.of(0n, 1n, 0n), 4);
    expect(out.subarray(0, 100)).toEqual(draw("float64", 100, 5n, 4, 0n));
    expect(out.subarray(100, 200)).toEqual(draw("float64", 100, 5n, 4, 1n));
    expect(out.subarray(200, 300)).toEqual(draw("float64", 100, 6n, 4, 0n));
  });
});

// Fixed seeds: these are statements about recorded sequences, each bound five standard errors wide.
describe.each<Dtype>(["float32", "float64"])("a million %s normals", (dtype) => {
  const n = 1 << 20;
  const x = Float64Array.from(draw(dtype, n, 20261121n));

  it("have the moments of the standard normal distribution", () => {
    const moment = (power: number) => x.reduce((sum, value) => sum + value ** power, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  it("have its distribution (Kolmogorov and Smirnov)", () => {
    const sorted = Float64Array.from(x).sort();
    let distance = 0;
    sorted.forEach((value, i) => {
      const p = cumulative(value);
      distance = Math.max(distance, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
    });
    // 1.95 / sqrt(n) is exceeded once in a thousand.
    expect(distance * Math.sqrt(n)).toBeLessThan(1.95);
  });

  it("have its tails", () => {
    for (const limit of [2, 3, 4]) {
      const p = 2 * cumulative(-limit);
      const found = x.reduce((count, value) => count + (Math.abs(value) > limit ? 1 : 0), 0);
      expect(Math.abs(found - n * p)).toBeLessThan(5 * Math.sqrt(n * p));
    }
  });

  it("are uncorrelated with their neighbours, squares included, and with other streams, samples and seeds", () => {
    const correlation = (a: ArrayLike<number>, b: ArrayLike<number>, count: number, lag = 0) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += a[i]! * b[i + lag]!;
      return sum / Math.sqrt(count);
    };
    const squares = Float64Array.from(x, (value) => (value * value - 1) / Math.SQRT2);
    for (const lag of [1, 2, 3, 4, 5, 8, 512]) {
      expect(Math.abs(correlation(x, x, n - lag, lag))).toBeLessThan(5);
      expect(Math.abs(correlation(squares, squares, n - lag, lag))).toBeLessThan(5);
    }
    for (const other of [
      draw(dtype, n, 20261121n, 1),
      draw(dtype, n, 20261121n, 0, 1n),
      draw(dtype, n, 20261122n),
      draw(dtype, n, 20261121n + 2n ** 32n),
    ]) {
      expect(Math.abs(correlation(x, other, n))).toBeLessThan(5);
    }
  });
});
