import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type InstructionSet,
  nativeInfo,
  setInstructionSet,
  torchGenerators,
  torchNormals,
} from "../../lib/native/index.js";

interface GoldenRecord {
  readonly seed: string;
  readonly sizes: readonly number[];
  readonly ends: readonly (readonly [string, string])[];
  readonly sha256: string;
}

const { records } = JSON.parse(
  readFileSync(new URL("../recorded/torch-normals.json", import.meta.url), "utf8"),
) as { records: GoldenRecord[] };

const bits = (value: number) =>
  new Uint32Array(new Float32Array([value]).buffer)[0]!.toString(16).padStart(8, "0");

describe("normals of PyTorch's CPU generator", () => {
  it.each(records)("seed $seed, sizes $sizes: the recorded bits", ({ seed, sizes, ends, sha256 }) => {
    const generator = torchGenerators(new BigUint64Array([BigInt(seed)]));
    const hash = createHash("sha256");
    const got = sizes.map((size) => {
      const out = new Float32Array(size);
      torchNormals(out, generator);
      hash.update(out);
      return [bits(out[0]!), bits(out.at(-1)!)];
    });
    expect(got).toEqual(ends);
    expect(hash.digest("hex")).toBe(sha256);
  });

  it("keeps the generators of several rows apart", () => {
    const seeds = [3n, 2n ** 33n + 9n, 3n];
    const together = new Float32Array(3 * 21);
    const generators = torchGenerators(BigUint64Array.from(seeds));
    torchNormals(together, generators);
    torchNormals(together, generators);
    for (const [row, seed] of seeds.entries()) {
      const alone = new Float32Array(21);
      const generator = torchGenerators(new BigUint64Array([seed]));
      torchNormals(alone, generator);
      torchNormals(alone, generator);
      expect(together.slice(21 * row, 21 * (row + 1))).toEqual(alone);
    }
  });

  it("draws the same bits with every instruction set", () => {
    const draw = (set: InstructionSet) => {
      setInstructionSet(set);
      const out = new Float32Array(1003);
      torchNormals(out, torchGenerators(new BigUint64Array([99n])));
      return out;
    };
    onTestFinished(() => setInstructionSet("auto"));
    const [baseline, ...others] = nativeInfo().instructionSets.map(draw);
    for (const other of others) expect(other).toEqual(baseline);
  });

  it("refuses states and outputs that do not fit", () => {
    expect(() => torchNormals(new Float32Array(4), new Uint32Array(5))).toThrow(RangeError);
    expect(() => torchNormals(new Float32Array(3), torchGenerators(new BigUint64Array(2)))).toThrow(
      RangeError,
    );
    expect(() => torchNormals(new Float64Array(4) as never, torchGenerators(new BigUint64Array(1)))).toThrow(
      TypeError,
    );
  });
});
