import { describe, expect, it } from "vitest";
import { alignedVector, memoryLimit, memoryLoops } from "../../lib/native/index.js";
import { randomVector, underEverySetting } from "./vectors.js";

// The addon's own account of where memory lies is what alignedVector goes by, so the loops are asked, which refuse
// outputs that begin elsewhere.
describe("alignedVector", () => {
  it("gives zeros that begin on a cache line, whatever their length", () => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const length of [1, 3, 16, 1000, 784 * 64, 300_000]) {
        const vector = alignedVector(dtype, length);
        expect(vector.length).toBe(length);
        expect(vector.every((value) => value === 0)).toBe(true);
        memoryLimit("read", vector, [vector.slice()]);
        expect(() => memoryLimit("read", vector.subarray(1), [vector.slice(1)])).toThrow(/multiple of 64/);
      }
    }
  });
});

describe("memoryLimit", () => {
  const words = (vector: ArrayBufferView) =>
    new Uint32Array(vector.buffer, vector.byteOffset, vector.byteLength / 4);
  const length = 160_000;

  it("does what its loops say, with every instruction set and number of threads", () => {
    const inputs = [1, 2, 3].map((seed) => randomVector("float32", length, seed)) as Float32Array[];
    const [a, b, c] = inputs.map(words) as [Uint32Array, Uint32Array, Uint32Array];
    const exclusiveOr = a.map((word, i) => word ^ b[i]! ^ c[i]!);
    const triad = inputs[0]!.map((value, i) => value + Math.fround(3 * inputs[1]![i]!));
    underEverySetting((setting) => {
      for (const loop of memoryLoops) {
        const out = alignedVector("float32", length);
        const two = loop.toLowerCase().endsWith("triad");
        memoryLimit(loop, out, two ? inputs.slice(0, 2) : inputs);
        if (loop === "read") continue;
        const wanted = two ? words(triad) : loop === "copy" ? a : exclusiveOr;
        expect(Buffer.compare(Buffer.from(words(out)), Buffer.from(wanted)), `${loop}, ${setting}`).toBe(0);
      }
    });
  });
});
