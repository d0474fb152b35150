import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BasisElement, gram, type Vector } from "../../lib/native/index.js";
import { type Dtype, randomVector, zeros } from "./vectors.js";

/** A basis element as float64 values; its difference formed in float32 where the kernel does so. */
function values(element: BasisElement, float32Difference: boolean): Float64Array {
  if (ArrayBuffer.isView(element)) return Float64Array.from(element);
  const [minuend, subtrahend] = element;
  return Float64Array.from(minuend, (a, i) =>
    float32Difference ? Math.fround(a - subtrahend[i]!) : a - subtrahend[i]!,
  );
}

/** Inner products by plain float64 loops, and the sums of the products' magnitudes, to measure errors by. */
function expected(basis: readonly BasisElement[], rows: number, float32Difference: boolean) {
  const elements = basis.map((element) => values(element, float32Difference));
  const size = elements[0]!.length / rows;
  const sums: number[] = [];
  const magnitudes: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let a = 0; a < basis.length; a++) {
      for (let b = a; b < basis.length; b++) {
        let sum = 0;
        let magnitude = 0;
        for (let i = row * size; i < (row + 1) * size; i++) {
          sum += elements[a]![i]! * elements[b]![i]!;
          magnitude += Math.abs(elements[a]![i]! * elements[b]![i]!);
        }
        sums.push(sum);
        magnitudes.push(magnitude);
      }
    }
  }
  return { sums, magnitudes };
}

const cases = fc.record({
  dtype: fc.constantFrom<Dtype>("float32", "float64"),
  blocked: fc.boolean(),
  rows: fc.constantFrom(1, 2, 5),
  size: fc.oneof(
    fc.constantFrom(1, 3, 15, 16, 17, 256, 257, 4097, 8192, 8193),
    fc.integer({ min: 1, max: 3000 }),
  ),
  differences: fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
  shift: fc.integer({ min: 0, max: 3 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

describe("gram", () => {
  it("agrees with plain loops for every shape, dtype, mode and mixture of vectors and differences", () => {
    fc.assert(
      fc.property(cases, ({ dtype, blocked, rows, size, differences, shift, seed }) => {
        const float32Sums = blocked && dtype === "float32";
        const vector = (k: number): Vector => randomVector(dtype, rows * size, seed + k, shift);
        const basis = differences.map<BasisElement>((difference, k) =>
          difference ? [vector(k), vector(k + 10)] : vector(k),
        );
        const pairs = (basis.length * (basis.length + 1)) / 2;
        const out = new Float64Array(rows * pairs);
        gram(out, basis, rows, float32Sums ? "blocked" : "float64");
        const { sums, magnitudes } = expected(basis, rows, float32Sums);
        // 16 float32 products a lane: half a unit each in the product and in the sums.
        const tolerance = float32Sums ? 2 ** -20 : 1e-13;
        out.forEach((sum, i) => {
          expect(Math.abs(sum - sums[i]!)).toBeLessThanOrEqual(tolerance * magnitudes[i]!);
        });
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });

  it("is exact for small integers in both modes", () => {
    const a = Float32Array.from({ length: 5000 }, (_, i) => (i % 7) - 3);
    const b = Float32Array.from({ length: 5000 }, (_, i) => (i % 5) - 2);
    for (const accumulate of ["float64", "blocked"] as const) {
      const out = new Float64Array(6);
      gram(out, [a, b, [a, b]], 1, accumulate);
      expect([...out]).toEqual(expected([a, b, [a, b]], 1, false).sums);
    }
  });

  it("forms a difference in float64 before it is squared, except in blocked mode", () => {
    const a = Float32Array.of(1);
    const b = Float32Array.of(2 ** -30);
    const out = new Float64Array(1);
    gram(out, [[a, b]]);
    expect(out[0]).toBe((1 - 2 ** -30) ** 2);
    gram(out, [[a, b]], 1, "blocked");
    expect(out[0]).toBe(1);
  });

  it("gives one row what it gives that row among others", () => {
    const rows = 3;
    const size = 20000;
    const a = randomVector("float32", rows * size, 1);
    const b = randomVector("float32", rows * size, 2);
    const all = new Float64Array(rows * 3);
    gram(all, [a, b], rows);
    const one = new Float64Array(3);
    gram(one, [a.subarray(size, 2 * size), b.subarray(size, 2 * size)]);
    expect(one).toEqual(all.subarray(3, 6));
  });

  it("gives zeros for empty rows", () => {
    const out = new Float64Array(2).fill(1);
    gram(out, [zeros("float32", 0)], 2);
    expect([...out]).toEqual([0, 0]);
  });
});
