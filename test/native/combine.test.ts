import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Coefficient, combine, type Term, type Vector } from "../../lib/native/index.js";
import { type Dtype, randomVector, rounding, zeros } from "./vectors.js";

type Kind = "number" | "perRow" | "perElement";

interface Case {
  dtype: Dtype;
  rows: number;
  size: number;
  kinds: Kind[];
  shift: number;
  seed: number;
}

const cases = fc.record<Case>({
  dtype: fc.constantFrom("float32", "float64"),
  rows: fc.constantFrom(1, 2, 3, 7),
  size: fc.oneof(fc.constantFrom(1, 3, 17, 64, 512, 513, 4097), fc.integer({ min: 1, max: 2000 })),
  kinds: fc.array(fc.constantFrom<Kind>("number", "perRow", "perElement"), { minLength: 1, maxLength: 8 }),
  shift: fc.integer({ min: 0, max: 5 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

function coefficient({ dtype, rows, size, shift, seed }: Case, kind: Kind, k: number): Coefficient {
  if (kind === "number") return randomVector("float64", 1, seed + 100 + k)[0]!;
  if (kind === "perRow") return randomVector("float64", rows, seed + 200 + k) as Float64Array;
  return { perElement: randomVector(dtype, size, seed + 300 + k, shift) };
}

function at(c: Coefficient, row: number, element: number): number {
  if (typeof c === "number") return c;
  return ArrayBuffer.isView(c) ? c[row]! : c.perElement[element]!;
}

function expected(dtype: Dtype, terms: readonly Term[], rows: number): Vector {
  const round = rounding(dtype);
  const length = terms[0]![1].length;
  const size = length / rows;
  const out = zeros(dtype, length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    terms.forEach(([c, v], k) => {
      const product = round(round(at(c, Math.floor(i / size), i % size)) * v[i]!);
      sum = k === 0 ? product : round(sum + product);
    });
    out[i] = sum;
  }
  return out;
}

describe("combine", () => {
  it("equals the plain loop bit for bit, for every shape, dtype and kind of coefficient", () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { dtype, rows, size, kinds, shift, seed } = drawn;
        const terms = kinds.map<Term>((kind, k) => [
          coefficient(drawn, kind, k),
          randomVector(dtype, rows * size, seed + k, (shift + k) % 4),
        ]);
        const out = zeros(dtype, rows * size + shift).subarray(shift);
        combine(out, terms, rows);
        expect(out).toEqual(expected(dtype, terms, rows));
      }),
      { seed: 20261121, numRuns: 300 },
    );
  });

  it("may write over any of its vectors", () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const written of [0, 1, 2]) {
        for (const kind of ["number", "perElement"] as const) {
          const vectors = [1, 2, 3].map((seed) => randomVector(dtype, 3 * 1001, seed));
          const c: Coefficient = kind === "number" ? 0.3 : { perElement: randomVector(dtype, 1001, 9) };
          const terms = vectors.map<Term>((v, k) => [k === 1 ? c : 1.7 - k, v]);
          const result = expected(dtype, terms, 3);
          combine(vectors[written]!, terms, 3);
          expect(vectors[written]).toEqual(result);
        }
      }
    }
  });

  it("takes one vector several times", () => {
    const v = randomVector("float32", 100, 1);
    const out = new Float32Array(100);
    combine(out, [
      [0.5, v],
      [0.25, v],
    ]);
    expect(out[7]).toBe(Math.fround(Math.fround(0.5 * v[7]!) + Math.fround(0.25 * v[7]!)));
  });

  it("does not let a coefficient of zero hide a NaN", () => {
    const out = new Float64Array(2);
    combine(out, [
      [0, new Float64Array([Number.NaN, 1])],
      [1, new Float64Array([1, 1])],
    ]);
    expect([...out]).toEqual([Number.NaN, 1]);
  });

  it("leaves empty vectors alone", () => {
    const around = Float32Array.of(1, 2, 3, 4);
    const out = around.subarray(2, 2);
    combine(out, [[5, new Float32Array(0)]]);
    combine(out, [[Float64Array.of(5, 6, 7), new Float32Array(0)]], 3);
    expect([...around]).toEqual([1, 2, 3, 4]);
  });
});
