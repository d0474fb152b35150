import { describe, expect, it } from "vitest";
import { Products } from "../../lib/calibrate/iia/products.js";
import { Turns } from "../../lib/calibrate/iia/turns.js";
import { gram } from "../../lib/native/index.js";
import type { Run } from "../../lib/solver/index.js";

const runOf = (rows: number): Run =>
  ({
    rows,
    gram: (basis: readonly Float32Array[], count: number) => {
      const out = new Float64Array((count * basis.length * (basis.length + 1)) / 2);
      gram(out, basis, count);
      return out;
    },
  }) as unknown as Run;

describe("sums of inner products", () => {
  it.each([1, 3, 6, 7, 9])("%i vectors: all pairs, whatever the batches", (count) => {
    const rows = 5;
    const size = 4;
    const vectors = Array.from({ length: count }, (_, k) =>
      Float32Array.from({ length: rows * size }, (_, i) => Math.sin(1 + k * 7.3 + i * 1.7)),
    );
    const whole = new Products(count);
    whole.add(runOf(rows), vectors);
    const parts = new Products(count);
    parts.add(
      runOf(2),
      vectors.map((v) => v.subarray(0, 2 * size)),
    );
    parts.add(
      runOf(3),
      vectors.map((v) => v.subarray(2 * size)),
    );
    expect([...parts.sums]).toEqual([...whole.sums]);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) {
        const expected = vectors[i]!.reduce((sum, v, k) => sum + v * vectors[j]![k]!, 0);
        expect(whole.sums[i * count + j]).toBeCloseTo(expected, 10);
      }
    }
  });
});

describe("turns", () => {
  it("give every run its own contents in the same memory", async () => {
    const turns = await Turns.open(4, 3);
    try {
      const borrowers = [4, 4, 2].map((length, run) => turns.borrower(run, length));
      const vectors = [];
      for (const [run, borrower] of borrowers.entries()) {
        const [a, b] = [borrower.vector(), borrower.vector()];
        a.fill(run);
        b.fill(10 + run);
        vectors.push([a, b] as const);
        await borrower.suspend();
      }
      expect(new Set(vectors.flat().map(({ buffer }) => buffer)).size).toBe(2);
      for (const [run, borrower] of [...borrowers.entries()].reverse()) {
        await borrower.resume();
        const [a, b] = vectors[run]!;
        expect([...a, ...b]).toEqual([...a.map(() => run), ...b.map(() => 10 + run)]);
      }
    } finally {
      await turns.close();
    }
  });
});
