import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Coefficient,
  type Combination,
  combine,
  combineInTurn,
  firstNonFinite,
  fitsInTurn,
  setStreamingBytes,
  type Term,
  type Vector,
} from "../../lib/native/index.js";
import { bits, type Dtype, randomVector, underEverySetting, zeros } from "./vectors.js";

type Kind = "number" | "perRow" | "perElement";

interface Case {
  dtype: Dtype;
  rows: number;
  size: number;
  /** Of each combination: the vector that it writes, and those that it reads, with their kinds of coefficient. */
  steps: { out: number; terms: { vector: number; kind: Kind }[] }[];
  shift: number;
  seed: number;
}

const held = 5;
const vectorIndex = fc.nat({ max: held - 1 });
const cases = fc.record<Case>({
  dtype: fc.constantFrom("float32", "float64"),
  rows: fc.constantFrom(1, 2, 3, 7),
  size: fc.oneof(fc.constantFrom(1, 3, 17, 64, 512, 513, 4097), fc.integer({ min: 1, max: 2000 })),
  steps: fc.array(
    fc.record({
      out: vectorIndex,
      terms: fc.array(
        fc.record({
          vector: vectorIndex,
          kind: fc.constantFrom<Kind>("number", "number", "number", "perRow", "perElement"),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  shift: fc.integer({ min: 0, max: 5 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

function vectorsOf({ dtype, rows, size, shift, seed }: Case): Vector[] {
  return Array.from({ length: held }, (_, k) => randomVector(dtype, rows * size, seed + k, (shift + k) % 4));
}

function combinationsOf({ dtype, rows, size, steps, seed }: Case, vectors: readonly Vector[]): Combination[] {
  const coefficient = (kind: Kind, at: number): Coefficient => {
    if (kind === "number") return randomVector("float64", 1, seed + 100 + at)[0]!;
    if (kind === "perRow") return randomVector("float64", rows, seed + 200 + at) as Float64Array;
    return { perElement: randomVector(dtype, size, seed + 300 + at) };
  };
  return steps.map(({ out, terms }, i) => ({
    out: vectors[out]!,
    rows,
    terms: terms.map(({ vector, kind }, k) => [coefficient(kind, 10 * i + k), vectors[vector]!]),
  }));
}

const combination = (out: Vector, ...terms: Term[]): Combination => ({ out, terms, rows: 1 });

describe("combineInTurn", () => {
  it("equals combines one after the other bit for bit, whatever they read and write", () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const [together, apart] = [vectorsOf(drawn), vectorsOf(drawn)];
        combineInTurn(combinationsOf(drawn, together));
        for (const { out, terms, rows } of combinationsOf(drawn, apart)) combine(out, terms, rows);
        expect(together).toEqual(apart);
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });

  it("gives the same bits under every setting, past the caches too", () => {
    const [rows, size] = [7, 49_999];
    for (const dtype of ["float32", "float64"] as const) {
      const given = Array.from({ length: 4 }, (_, k) => randomVector(dtype, rows * size, k + 1));
      const perRow = randomVector("float64", rows, 50) as Float64Array;
      let first: string | undefined;
      underEverySetting((setting) => {
        for (const streamingBytes of [0, 2 ** 40]) {
          setStreamingBytes(streamingBytes);
          const [x, emitted, m, old] = given.map((vector) => vector.slice());
          const aside = zeros(dtype, rows * size);
          const bad = combineInTurn(
            [
              combination(m!, [0.7, x!], [-0.2, emitted!]),
              { ...combination(x!, [perRow, x!], [0.3, m!], [0.1, old!]), rows },
              combination(aside, [1.5, x!]),
            ],
            emitted,
          );
          expect(bad).toBe(-1);
          const found = bits(x!, m!, aside);
          first ??= found;
          expect(found, `${setting}, streamed from ${streamingBytes}`).toBe(first);
        }
      });
    }
  });

  it("finds the first NaN or infinity, as firstNonFinite does", () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const length of [1, 63, 64, 65, 1000, 300_001]) {
        underEverySetting(() => {
          const checked = randomVector(dtype, length, 3);
          const out = zeros(dtype, length);
          const places = [length - 1, Math.floor(length / 2), Math.floor(length / 3), 0];
          expect(combineInTurn([combination(out, [2, checked])], checked)).toBe(-1);
          for (const place of places) {
            checked[place] = place % 2 ? Number.NaN : Number.NEGATIVE_INFINITY;
            expect(combineInTurn([combination(out, [2, checked])], checked)).toBe(place);
            expect(firstNonFinite(checked)).toBe(place);
          }
          const two = randomVector(dtype, 2 * length, 4);
          const halves = combination(out, [2, two.subarray(0, length)], [-1, two.subarray(length)]);
          expect(combineInTurn([halves], two)).toBe(-1);
          two[length + Math.floor(length / 2)] = Number.NaN;
          expect(combineInTurn([halves], two)).toBe(length + Math.floor(length / 2));
        });
      }
    }
  });

  it("may write what it checks: the same numbers, and the first of them that is still not finite", () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const length of [1, 63, 65, 1000, 300_001]) {
        underEverySetting(() => {
          const x = randomVector(dtype, length, 1);
          const emitted = randomVector(dtype, length, 2);
          const [apart, after] = [zeros(dtype, length), zeros(dtype, length)];
          const turned = (into: typeof x, state: typeof x) => [
            combination(into, [-1.5, emitted], [0.5, x]),
            combination(state, [2, x], [0.25, into]),
          ];
          expect(combineInTurn(turned(apart, after), emitted)).toBe(-1);
          const state = zeros(dtype, length);
          const before = emitted.slice();
          expect(combineInTurn(turned(emitted, state), emitted)).toBe(-1);
          expect([emitted, state]).toEqual([apart, after]);
          const place = Math.floor(length / 2);
          emitted.set(before);
          emitted[place] = Number.POSITIVE_INFINITY;
          expect(combineInTurn(turned(emitted, state), emitted)).toBe(place);
          expect(emitted[place]).toBe(Number.NEGATIVE_INFINITY);
          // Overwritten by what is finite: somewhere, but it is told of.
          emitted[place] = Number.NaN;
          const found = combineInTurn([combination(emitted, [1, x])], emitted);
          expect(found).toBeGreaterThanOrEqual(0);
          expect(found).toBeLessThanOrEqual(place);
        });
      }
    }
  });

  it("takes as much as fits, and refuses what does not", () => {
    const x = new Float32Array(8).fill(1);
    const one = { out: x, terms: Array.from({ length: 4 }, () => [0.5, x] as const), rows: 1 };
    const most = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((count) => fitsInTurn(count, 4 * count)).at(-1)!;
    combineInTurn(Array.from({ length: most }, () => one));
    expect(x[0]).toBe(2 ** most);
    expect(fitsInTurn(9, 9)).toBe(false);
    expect(() =>
      combineInTurn(Array.from({ length: 9 }, () => ({ ...one, terms: [[1, x]] as const }))),
    ).toThrow(/at most/);
  });

  it("refuses vectors that overlap partly, of whichever combination, before anything is written", () => {
    const memory = new Float32Array(12).fill(3);
    const [a, b] = [memory.subarray(0, 8), memory.subarray(4, 12)];
    const apart = new Float32Array(8);
    const refused = [
      [combination(apart, [1, a]), combination(b, [1, apart])],
      [combination(a, [1, apart]), combination(b, [1, apart])],
    ];
    for (const combinations of refused) {
      expect(() => combineInTurn(combinations)).toThrow(expect.objectContaining({ code: "QUENCH_OVERLAP" }));
    }
    expect(() => combineInTurn([combination(a, [1, apart])], b)).toThrow(/checked/);
    expect(() => combineInTurn([combination(a, [1, apart])], apart.subarray(1))).toThrow(/length/);
    expect(() => combineInTurn([])).toThrow(/at least one/);
    expect([...memory, ...apart]).toEqual([...new Array(12).fill(3), ...new Array(8).fill(0)]);
  });
});
