import fc from "fast-check";
import { expect, it } from "vitest";
import { scaledErrors, type Vector } from "../../lib/native/index.js";
import { bits, randomVector, underEverySetting } from "./vectors.js";

const cases = fc.record({
  dtype: fc.constantFrom("float32" as const, "float64" as const),
  rows: fc.constantFrom(1, 2, 5),
  size: fc.oneof(fc.constantFrom(1, 15, 16, 17, 512), fc.integer({ min: 1, max: 3000 })),
  shift: fc.integer({ min: 0, max: 5 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});
const tolerance = { absolute: 0.0078, relative: 0.05 };

function plain(higher: Vector, lower: Vector, before: Vector, rows: number): number[] {
  const size = higher.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = row * size; i < (row + 1) * size; i++) {
      const most = Math.max(Math.abs(lower[i]!), Math.abs(before[i]!));
      const error = (higher[i]! - lower[i]!) / Math.max(tolerance.absolute, tolerance.relative * most);
      sum += error * error;
    }
    return Math.sqrt(sum / size);
  });
}

it("equals a plain loop but for the order of the sum, for every shape and dtype", () => {
  fc.assert(
    fc.property(cases, ({ dtype, rows, size, shift, seed }) => {
      const [higher, lower, before] = [0, 1, 2].map((k) =>
        randomVector(dtype, rows * size, seed + k, (shift + k) % 4),
      ) as [Vector, Vector, Vector];
      const out = new Float64Array(rows);
      scaledErrors(out, higher, lower, before, tolerance);
      for (const [row, value] of plain(higher, lower, before, rows).entries())
        expect(Math.abs(out[row]! / value - 1)).toBeLessThan(1e-13);
    }),
    { seed: 20261122, numRuns: 200 },
  );
});

it("gives the same bits under every setting", () => {
  const rows = 7;
  for (const dtype of ["float32", "float64"] as const) {
    const [higher, lower, before] = [1, 2, 3].map((seed) =>
      randomVector(dtype, rows * 49_999, seed, seed),
    ) as [Vector, Vector, Vector];
    let first: string | undefined;
    underEverySetting((setting) => {
      const out = new Float64Array(rows);
      scaledErrors(out, higher, lower, before, tolerance);
      first ??= bits(out);
      expect(bits(out), setting).toBe(first);
    });
  }
});

it("does not hide a NaN", () => {
  const v = () => new Float32Array(40).fill(1);
  const out = new Float64Array(2);
  const broken = v();
  broken[21] = Number.NaN;
  scaledErrors(out, broken, v(), v(), tolerance);
  expect([...out]).toEqual([0, Number.NaN]);
});
