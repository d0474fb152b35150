import fc from "fast-check";
import { Matrix, pseudoInverse, QrDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { leastSquares } from "../../lib/calibrate/iia/least-squares.js";

const rows = 40;

/** Inner products of the columns of Q and of y. */
function products(q: Matrix, y: Matrix): number[] {
  const all = q.clone().addColumn(q.columns, y.to1DArray());
  return all.transpose().mmul(all).to1DArray();
}

/** Standard normals, from numbers that fast-check can shrink. */
const normals = (count: number) =>
  fc
    .array(
      fc.tuple(fc.double({ min: 1e-9, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: count,
        maxLength: count,
      },
    )
    .map((pairs) => pairs.map(([u, v]) => Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)));
const seed = { seed: 4004, numRuns: 60 };

const problem = (columns: number) =>
  fc
    .record({
      q: normals(rows * columns),
      y: normals(rows),
      scales: fc.array(fc.integer({ min: -4, max: 4 }), { minLength: columns, maxLength: columns }),
    })
    .map(({ q, y, scales }) => ({
      q: new Matrix(
        Array.from({ length: rows }, (_, r) => scales.map((s, c) => q[r * columns + c]! * 10 ** s)),
      ),
      y: Matrix.columnVector(y),
    }))
    .filter(({ q }) => new QrDecomposition(q.clone().scaleColumns()).isFullRank());

describe("the solve of one step", () => {
  it("agrees with QR on the vectors themselves, whatever their lengths", async () => {
    await fc.assert(
      fc.asyncProperty(problem(4), async ({ q, y }) => {
        const { coefficients, rank, condition } = await leastSquares(products(q, y), 4);
        fc.pre(condition !== null && condition < 1e6);
        const expected = new QrDecomposition(q).solve(y).to1DArray();
        expect(rank).toBe(4);
        for (const [j, value] of coefficients.entries()) {
          const length = Math.sqrt(q.getColumn(j).reduce((sum, v) => sum + v * v, 0));
          expect(Math.abs(value - expected[j]!) * length).toBeLessThan(1e-7);
        }
      }),
      seed,
    );
  });

  it("returns the shortest minimiser where quantities are dependent", async () => {
    await fc.assert(
      fc.asyncProperty(
        problem(3),
        fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 1, max: 3 })),
        async ({ q: scaled, y }, [a, b]) => {
          const q = scaled.scaleColumns();
          const dependent = q.getColumnVector(0).mul(a).add(q.getColumnVector(1).mul(b));
          const all = q.clone().addColumn(3, dependent.to1DArray());
          const { coefficients, rank } = await leastSquares(products(all, y), 4);
          const expected = pseudoInverse(all, 1e-9).mmul(y).to1DArray();
          expect(rank).toBe(3);
          for (const [j, value] of coefficients.entries()) expect(value).toBeCloseTo(expected[j]!, 5);
        },
      ),
      { ...seed, numRuns: 40 },
    );
  });

  it("knows what has no solution of its own: zero, equal and no quantities", async () => {
    const q = new Matrix([
      [1, 0, 1],
      [2, 0, 2],
      [0, 0, 0],
    ]);
    const y = Matrix.columnVector([1, 2, 5]);
    expect(await leastSquares(products(q, y), 3)).toEqual({
      coefficients: [expect.closeTo(0.5), 0, expect.closeTo(0.5)],
      condition: null,
      rank: 1,
    });
    expect(await leastSquares([0, 0, 0, 0], 1)).toEqual({ coefficients: [0], condition: null, rank: 0 });
    expect(await leastSquares([3], 0)).toEqual({ coefficients: [], condition: 1, rank: 0 });
  });
});
