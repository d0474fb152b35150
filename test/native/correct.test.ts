import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BasisElement,
  type Combination,
  type Correction,
  combineInTurn,
  correctInTurn,
  type Decision,
  decide,
  type Formula,
  firstNonFinite,
  fitsCorrection,
  gram,
  roundTogether,
  type Vector,
} from "../../lib/native/index.js";
import { bits, type Dtype, randomVector, underEverySetting, zeros } from "./vectors.js";

/** Constants, numbers kept, coefficients and measured, of a formula for so many basis elements. */
const sizes = {
  "balanced-probe": [11, 4, 3, 0],
  "balanced-correction": [13, 4, 4, 6],
  "variance-correction": [14, 1, 4, 4],
  "gradient-weights": [1, 0, 2, 4],
} as const satisfies Record<Formula, readonly number[]>;

/** By the number of basis elements. */
const formulas = { 3: "balanced-correction", 4: "variance-correction", 5: "gradient-weights" } as const;

/** With arrays of numbers that no step would bring, but none of them large. */
function decision(formula: Formula, rows: number, seed: number): Decision {
  const [constants, kept, coefficients, measured] = sizes[formula];
  const numbers = (count: number, k: number) =>
    (randomVector("float64", count, seed + k) as Float64Array).map((z) => 0.1 + Math.abs(z));
  return {
    ...{ formula, rows, constants: numbers(constants, 1), kept: numbers(rows * kept, 2) },
    coefficients: new Float64Array(rows * coefficients),
    measured: new Float64Array(rows * measured),
  };
}

/** The first number and the last column of packed upper triangles. */
function productsOf(triangles: Float64Array, count: number): Float64Array {
  const pairs = (count * (count + 1)) / 2;
  const kept = [0, ...Array.from({ length: count }, (_, k) => ((k + 1) * (2 * count - k)) / 2 - 1)];
  return Float64Array.from({ length: (triangles.length / pairs) * kept.length }, (_, i) => {
    return triangles[Math.floor(i / kept.length) * pairs + kept[i % kept.length]!]!;
  });
}

/** The same, one thing after the other. */
function oneByOne({ before, basis, accumulate, decisions, after }: Correction): void {
  if (before.length > 0) combineInTurn(before);
  const { rows } = decisions[0]!;
  const triangles = new Float64Array((rows * basis.length * (basis.length + 1)) / 2);
  if (basis.length > 0) gram(triangles, basis, rows, accumulate);
  for (const each of decisions) decide(productsOf(triangles, basis.length), each);
  if (after.length > 0) combineInTurn(after);
}

/** Indices of a minuend and a subtrahend. */
type Pair = [number] | [number, number];

/** Indices of an output and of vectors, each with a kind of coefficient. */
interface Drawn {
  readonly out: number;
  readonly terms: readonly (readonly [vector: number, kind: number])[];
}

const held = 5;
const vectorIndex = fc.nat({ max: held - 1 });
const combinations = (coefficients: number): fc.Arbitrary<readonly Drawn[]> =>
  fc.array(
    fc.record({
      out: vectorIndex,
      terms: fc.array(fc.tuple(vectorIndex, fc.nat({ max: coefficients })), { minLength: 1, maxLength: 4 }),
    }),
    { maxLength: 3 },
  );
const anyBasis = fc.array(
  fc.oneof<[fc.Arbitrary<Pair>, fc.Arbitrary<Pair>]>(
    fc.tuple(vectorIndex),
    fc.tuple(vectorIndex, vectorIndex),
  ),
  { minLength: 3, maxLength: 5 },
);
const cases = fc.record({
  dtype: fc.constantFrom<Dtype>("float32", "float64"),
  blocked: fc.boolean(),
  rows: fc.constantFrom(1, 2, 5, 9),
  size: fc.oneof(
    fc.constantFrom(0, 1, 15, 16, 128, 255, 256, 257, 8191, 8192, 8193),
    fc.integer({ min: 1, max: 3000 }),
  ),
  // What solvers ask for, and anything else; 0 is x or m0, 1 is m1, 2 is mt, 3 is x.
  basis: fc.oneof(fc.constantFrom<Pair[]>([[0], [0, 1], [2, 0]], [[3], [0], [0, 1], [2, 0]], []), anyBasis),
  probes: fc.boolean(),
  before: fc.oneof(
    fc.constant<readonly Drawn[]>([
      {
        out: 2,
        terms: [
          [3, 0],
          [4, 0],
        ],
      },
    ]),
    combinations(1),
  ),
  // A correction and the next step's probe, and anything else.
  after: fc.oneof(
    fc.constant<readonly Drawn[]>([
      {
        out: 3,
        terms: [
          [2, 1],
          [1, 2],
          [0, 1],
          [3, 0],
        ],
      },
      {
        out: 3,
        terms: [
          [0, 2],
          [2, 0],
          [3, 1],
        ],
      },
    ]),
    combinations(2),
  ),
  shift: fc.integer({ min: 0, max: 3 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

describe("correctInTurn", () => {
  it("is combines, gram, formulas and combines one after the other, bit for bit", () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { dtype, rows, size, shift, seed } = drawn;
        const world = (): Correction & { readonly vectors: Vector[] } => {
          const vectors = Array.from({ length: held }, (_, k) => {
            return randomVector(dtype, rows * size, seed + k, (shift + k) % 4);
          });
          const basis = drawn.basis.map<BasisElement>(([a, b]) =>
            b === undefined ? vectors[a]! : [vectors[a]!, vectors[b]!],
          );
          const decisions = [
            ...(basis.length >= 3 ? [decision(formulas[basis.length as 3 | 4 | 5], rows, seed)] : []),
            ...(drawn.probes || basis.length === 0 ? [decision("balanced-probe", rows, seed + 5)] : []),
          ];
          const perRow = randomVector("float64", rows, seed + 9) as Float64Array;
          // 0: a number; 1: one per row; 2: what a decision writes.
          const coefficient = (kind: number, k: number) =>
            kind === 0
              ? perRow[k % rows]!
              : kind === 1
                ? perRow
                : decisions[0]!.coefficients.subarray(0, rows);
          const combine = (list: readonly Drawn[]) =>
            list.map<Combination>(({ out, terms }) => ({
              ...{ out: vectors[out]!, rows },
              terms: terms.map(([vector, kind], k) => [coefficient(kind, k), vectors[vector]!]),
            }));
          const accumulate = drawn.blocked && dtype === "float32" ? "blocked" : "float64";
          const [before, after] = [combine(drawn.before), combine(drawn.after)];
          return { vectors, before, basis, accumulate, decisions, after };
        };
        const [together, apart] = [world(), world()];
        if (drawn.basis.length === 0 && together.before.length + together.after.length === 0) return;
        expect(correctInTurn(together)).toBe(-1);
        oneByOne(apart);
        expect(bits(...together.vectors)).toBe(bits(...apart.vectors));
        for (const [i, { kept, coefficients, measured }] of together.decisions.entries()) {
          const other = apart.decisions[i]!;
          expect(bits(kept, coefficients, measured)).toBe(
            bits(other.kept, other.coefficients, other.measured),
          );
        }
      }),
      { seed: 20261123, numRuns: 400 },
    );
  });

  it("gives the same bits under every setting, for rows that are near and not, in place and apart", () => {
    for (const [rows, size] of [
      [40, 5_001],
      [3, 70_001],
    ] as const) {
      const given = Array.from({ length: 4 }, (_, k) => randomVector("float32", rows * size, k + 1));
      let first: string | undefined;
      const inEveryPlace = (use: (inPlace: boolean, setting: string) => void) =>
        underEverySetting((setting) => {
          for (const inPlace of [false, true]) use(inPlace, setting);
        });
      inEveryPlace((inPlace, setting) => {
        const [x, emitted, m0, m1] = given.map((vector) => vector.slice()) as [
          Vector,
          Vector,
          Vector,
          Vector,
        ];
        const mt = inPlace ? emitted : zeros("float32", rows * size);
        const decided = decision("variance-correction", rows, 7);
        const on = (k: number) => decided.coefficients.subarray(k * rows, (k + 1) * rows);
        const before: Combination = {
          ...{ out: mt, rows: 1 },
          terms: [
            [0.7, x],
            [-0.2, emitted],
          ],
        };
        const after: Combination = {
          ...{ out: x, rows },
          terms: [
            [on(1), mt],
            [on(2), m1],
            [on(3), m0],
            [on(0), x],
          ],
        };
        const basis: BasisElement[] = [x, m0, [m0, m1], [mt, m0]];
        const bad = correctInTurn({
          ...{ before: [before], checked: emitted, basis, accumulate: "blocked" },
          ...{ decisions: [decided], after: [after] },
        });
        expect(bad).toBe(-1);
        const found = bits(x, mt, decided.kept, decided.coefficients, decided.measured);
        first ??= found;
        expect(found, setting).toBe(first);
      });
    }
  });

  it("finds the first NaN or infinity, with combinations and without", () => {
    const length = 20_003;
    const [a, b, c, x] = [1, 2, 3, 5].map((seed) => randomVector("float32", length, seed)) as [
      Vector,
      Vector,
      Vector,
      Vector,
    ];
    underEverySetting(() => {
      const checked = randomVector("float32", length, 4);
      const one: Combination = { out: zeros("float32", length), rows: 1, terms: [[2, checked]] };
      const moved: Combination = { out: x, rows: 1, terms: [[0.5, x]] };
      for (const place of [length - 1, 8192, 5000, 0]) {
        checked[place] = place % 2 ? Number.NaN : Number.POSITIVE_INFINITY;
        expect(firstNonFinite(checked)).toBe(place);
        for (const before of [[], [one]]) {
          for (const after of [[], [moved]]) {
            const bad = correctInTurn({
              ...{ before, checked, basis: [a, [a, b], [c, a]], accumulate: "blocked", after },
              decisions: [decision("balanced-correction", 1, 3)],
            });
            expect(bad).toBe(place);
          }
        }
      }
    });
  });

  it("refuses what overlaps, and what is too much or of the wrong length", () => {
    const memory = new Float32Array(32);
    const [a, b, c] = [memory.subarray(0, 8), memory.subarray(8, 16), memory.subarray(16, 24)];
    const decided = decision("balanced-correction", 1, 1);
    const plain: Correction = {
      ...{ before: [], basis: [a, [a, b], [c, a]], accumulate: "blocked", after: [] },
      decisions: [decided],
    };
    const given = (changes: Partial<Correction>) => () => correctInTurn({ ...plain, ...changes });
    const overlap = expect.objectContaining({ code: "QUENCH_OVERLAP" });
    const across: Combination = { out: memory.subarray(4, 12), rows: 1, terms: [[1, memory.subarray(24)]] };
    expect(given({ before: [across] })).toThrow(overlap);
    for (const name of ["kept", "coefficients", "measured"] as const) {
      const within = new Float64Array(memory.buffer, 0, decided[name].length);
      expect(given({ decisions: [{ ...decided, [name]: within }] })).toThrow(overlap);
      const longer = new Float64Array(decided[name].length + 1);
      expect(given({ decisions: [{ ...decided, [name]: longer }] })).toThrow(`for ${name}`);
    }
    expect(given({ decisions: [{ ...decided, measured: decided.kept.buffer as never }] })).toThrow(TypeError);
    const fromKept: Combination = { out: c, rows: 1, terms: [[1, a]] };
    const shared = new Float64Array(6);
    expect(
      given({
        decisions: [{ ...decided, kept: shared.subarray(0, 4), coefficients: shared.subarray(1, 5) }],
      }),
    ).toThrow(overlap);
    expect(given({ basis: [a, b], after: [fromKept] })).toThrow(/as many basis elements/);
    expect(given({ basis: [] })).toThrow(/basis/);
    expect(given({ basis: new Array(7).fill(a) })).toThrow(/elements/);
    expect(given({ decisions: [decided, decided, decided] })).toThrow(/decisions/);
    expect(fitsCorrection(2, 4, 3, 30)).toBe(true);
    expect(fitsCorrection(2, 4, 3, 31)).toBe(false);
  });
});

describe("roundTogether", () => {
  it("rounds to float32 and keeps the sum, in units of a prediction", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 4 }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.double({ min: 0.001, max: 2, noNaN: true }),
        (exact, alpha, sigma) => {
          const rounded = Float64Array.from(exact);
          roundTogether(rounded, { alpha, sigma });
          const sum = (values: ArrayLike<number>) =>
            Array.from(values).reduce((total, value, i) => total + value * (i === 0 ? alpha : 1), 0);
          expect(Math.abs(sum(rounded) - sum(exact))).toBeLessThan(1e-14);
          // All but one are float32 numbers.
          expect(Array.from(rounded).filter((value) => Math.fround(value) !== value).length).toBeLessThan(2);
          for (const [i, value] of rounded.entries()) expect(Math.abs(value - exact[i]!)).toBeLessThan(4e-6);
        },
      ),
      { seed: 20261123, numRuns: 300 },
    );
  });
});
