import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BasisElement,
  type Combination,
  combineInTurn,
  firstNonFinite,
  fitsInTurn,
  gram,
  gramColumn,
  type Vector,
} from "../../lib/native/index.js";
import { bits, type Dtype, randomVector, underEverySetting, zeros } from "./vectors.js";

/** The last column of packed upper triangles. */
function columnOf(triangles: Float64Array, count: number): Float64Array {
  const pairs = (count * (count + 1)) / 2;
  const last = Array.from({ length: count }, (_, k) => ((k + 1) * (2 * count - k)) / 2 - 1);
  return Float64Array.from({ length: (triangles.length / pairs) * count }, (_, i) => {
    return triangles[Math.floor(i / count) * pairs + last[i % count]!]!;
  });
}

/** Indices of a minuend and a subtrahend. */
type Pair = [number] | [number, number];

const held = 5;
const vectorIndex = fc.nat({ max: held - 1 });
const cases = fc.record({
  dtype: fc.constantFrom<Dtype>("float32", "float64"),
  blocked: fc.boolean(),
  rows: fc.constantFrom(1, 2, 5),
  size: fc.oneof(
    fc.constantFrom(1, 15, 16, 128, 255, 256, 257, 8191, 8192, 8193),
    fc.integer({ min: 1, max: 3000 }),
  ),
  // What solvers ask for, and anything else.
  basis: fc.oneof(
    fc.constantFrom<Pair[]>([[0], [0, 1], [2, 0]], [[3], [0], [0, 1], [2, 0]]),
    fc.array(
      fc.oneof<[fc.Arbitrary<Pair>, fc.Arbitrary<Pair>]>(
        fc.tuple(vectorIndex),
        fc.tuple(vectorIndex, vectorIndex),
      ),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
  ),
  combinations: fc.array(
    fc.record({
      out: vectorIndex,
      terms: fc.array(fc.tuple(vectorIndex, fc.boolean()), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
  shift: fc.integer({ min: 0, max: 3 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

describe("gramColumn", () => {
  it("is combines and then gram's last column, bit for bit", () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { dtype, rows, size, shift, seed } = drawn;
        const accumulate = drawn.blocked && dtype === "float32" ? "blocked" : "float64";
        const world = () => {
          const vectors = Array.from({ length: held }, (_, k) => {
            return randomVector(dtype, rows * size, seed + k, (shift + k) % 4);
          });
          const basis = drawn.basis.map<BasisElement>(([a, b]) =>
            b === undefined ? vectors[a]! : [vectors[a]!, vectors[b]!],
          );
          const combinations = drawn.combinations.map<Combination>(({ out, terms }, i) => ({
            ...{ out: vectors[out]!, rows },
            terms: terms.map(([vector, perRow], k) => {
              const coefficients = randomVector("float64", rows, seed + 10 * i + k) as Float64Array;
              return [perRow ? coefficients : coefficients[0]!, vectors[vector]!];
            }),
          }));
          return { vectors, basis, combinations };
        };
        const [together, apart] = [world(), world()];
        const count = drawn.basis.length;
        const found = new Float64Array(rows * count);
        expect(gramColumn(found, together.basis, rows, accumulate, together.combinations)).toBe(-1);
        if (apart.combinations.length > 0) combineInTurn(apart.combinations);
        const triangles = new Float64Array((rows * count * (count + 1)) / 2);
        gram(triangles, apart.basis, rows, accumulate);
        expect(bits(...together.vectors)).toBe(bits(...apart.vectors));
        expect(bits(found)).toBe(bits(columnOf(triangles, count)));
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });

  it("gives the same bits under every setting", () => {
    const [rows, size] = [3, 70_001];
    const given = Array.from({ length: 5 }, (_, k) => randomVector("float32", rows * size, k + 1));
    let first: string | undefined;
    underEverySetting((setting) => {
      const [x, emitted, m0, m1] = given.map((vector) => vector.slice());
      const mt = zeros("float32", rows * size);
      const out = new Float64Array(4 * rows);
      const convert: Combination = {
        out: mt,
        rows: 1,
        terms: [
          [0.7, x!],
          [-0.2, emitted!],
        ],
      };
      expect(gramColumn(out, [x!, m0!, [m0!, m1!], [mt, m0!]], rows, "blocked", [convert], emitted)).toBe(-1);
      const found = bits(out, mt);
      first ??= found;
      expect(found, setting).toBe(first);
    });
  });

  it("finds the first NaN or infinity, with combinations and without", () => {
    const length = 20_003;
    const [a, b, c] = [1, 2, 3].map((seed) => randomVector("float32", length, seed)) as [
      Vector,
      Vector,
      Vector,
    ];
    const out = new Float64Array(3);
    underEverySetting(() => {
      const checked = randomVector("float32", length, 4);
      const one: Combination = { out: zeros("float32", length), rows: 1, terms: [[2, checked]] };
      for (const place of [length - 1, 8192, 5000, 0]) {
        checked[place] = place % 2 ? Number.NaN : Number.POSITIVE_INFINITY;
        expect(firstNonFinite(checked)).toBe(place);
        for (const combinations of [[], [one]])
          expect(gramColumn(out, [a, [a, b], [c, a]], 1, "blocked", combinations, checked)).toBe(place);
      }
    });
  });

  it("refuses what overlaps, and what is too much or of the wrong length", () => {
    const memory = new Float32Array(24);
    const [a, b] = [memory.subarray(0, 8), memory.subarray(8, 16)];
    const across: Combination = { out: memory.subarray(4, 12), rows: 1, terms: [[1, memory.subarray(16)]] };
    const overlap = expect.objectContaining({ code: "QUENCH_OVERLAP" });
    expect(() => gramColumn(new Float64Array(1), [a], 1, "float64", [across])).toThrow(overlap);
    const within = new Float64Array(memory.buffer, 0, 2);
    expect(() => gramColumn(within, [a, b], 1, "float64", [])).toThrow(overlap);
    expect(() => gramColumn(within, [b], 2, "float64", [], a)).toThrow(overlap);
    const fromSums: Combination = { out: b, rows: 2, terms: [[within, a]] };
    expect(() => gramColumn(within, [b], 2, "float64", [fromSums])).toThrow(overlap);
    expect(() => gramColumn(new Float64Array(3), [a, b], 1, "float64", [])).toThrow(/length 2 .* for out/);
    expect(() => gramColumn(new Float64Array(0), [], 1, "float64", [])).toThrow(/1 to 6 elements/);
    expect(() => gramColumn(new Float64Array(7), new Array(7).fill(a), 1, "float64", [])).toThrow(
      /1 to 6 elements/,
    );
    expect(fitsInTurn(3, 17, 6)).toBe(true);
    expect(fitsInTurn(3, 18, 6)).toBe(false);
  });
});
