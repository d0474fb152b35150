import { describe, expect, it } from "vitest";
import { combine, gram, nativeInfo, normals } from "../../lib/native/index.js";

describe("native addon", () => {
  it("combines", () => {
    const out = new Float32Array(3);
    combine(out, [
      [2, new Float32Array([1, 2, 3])],
      [-1, new Float32Array([1, 1, 1])],
    ]);
    expect([...out]).toEqual([1, 3, 5]);
  });

  it("grams", () => {
    const out = new Float64Array(3);
    gram(out, [new Float32Array([1, 2, 3]), [new Float32Array([1, 1, 1]), new Float32Array([0, 0, 1])]]);
    expect([...out]).toEqual([14, 3, 2]);
  });

  it("draws", () => {
    const out = new Float32Array(8);
    normals(out, new BigUint64Array([1n, 2n]), new BigUint64Array([0n, 0n]), 0);
    expect(out.every(Number.isFinite)).toBe(true);
    expect(nativeInfo().instructionSets[0]).toBe("baseline");
  });
});
