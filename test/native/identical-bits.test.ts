// The promise that results never depend on the instruction set, the number of threads or the way outputs are stored.

import { expect, it } from "vitest";
import {
  absoluteQuantile,
  type BasisElement,
  clamp,
  combine,
  firstNonFinite,
  floatToHalf,
  gram,
  halfToFloat,
  nativeInfo,
  normals,
  setInstructionSet,
  setStreamingBytes,
  setThreads,
  type Term,
  threshold,
} from "../../lib/native/index.js";
import { bits, type Dtype, randomVector, underEverySetting, zeros } from "./vectors.js";

// Large enough that every operation is divided among threads (1 MiB moved), and odd everywhere.
const rows = 7;
const size = 49_999;
const length = rows * size;

/** Calls body under every setting and expects the bits of the first one every time. */
function expectSameBits(body: () => ArrayBufferView[]): void {
  let first: string | undefined;
  underEverySetting((setting) => {
    const found = bits(...body());
    first ??= found;
    expect(found, setting).toBe(first);
  });
}

const vectors = (dtype: Dtype, count: number) =>
  Array.from({ length: count }, (_, k) => randomVector(dtype, length, k + 1, k % 3));

for (const dtype of ["float32", "float64"] as const) {
  it(`combine, ${dtype}, 1 to 8 terms, all kinds of coefficients`, () => {
    const v = vectors(dtype, 8);
    const perRow = randomVector("float64", rows, 50) as Float64Array;
    const perElement = randomVector(dtype, size, 51);
    const out = zeros(dtype, length);
    expectSameBits(() => {
      const digests: ArrayBufferView[] = [];
      for (let count = 1; count <= 8; count++) {
        for (const special of [0.7, perRow, { perElement }]) {
          const terms = v
            .slice(0, count)
            .map<Term>((vector, k) => [k === count - 1 ? special : k - 2.3, vector]);
          combine(out, terms, rows);
          digests.push(Buffer.from(bits(out)));
        }
      }
      return digests;
    });
  });

  it(`combine, ${dtype}, written past the caches`, () => {
    const v = vectors(dtype, 3);
    const perElement = randomVector(dtype, size, 51);
    const out = zeros(dtype, length + 3).subarray(3);
    expectSameBits(() => {
      const digests: ArrayBufferView[] = [];
      for (const streamingBytes of [0, 2 ** 40]) {
        setStreamingBytes(streamingBytes);
        for (const special of [0.7, { perElement }]) {
          out.fill(Number.NaN);
          combine(
            out,
            [
              [special, v[0]!],
              [1.1, v[1]!],
              [-2, v[2]!],
            ],
            rows,
          );
          digests.push(Buffer.from(bits(out)));
        }
      }
      expect(digests[0]).toEqual(digests[2]);
      expect(digests[1]).toEqual(digests[3]);
      return digests;
    });
  });

  it(`gram, ${dtype}, 1 to 6 elements, with differences and without`, () => {
    const v = vectors(dtype, 7);
    const modes = dtype === "float32" ? (["float64", "blocked"] as const) : (["float64"] as const);
    expectSameBits(() =>
      modes.flatMap((mode) =>
        [1, 2, 3, 4, 5, 6].flatMap((count) =>
          [false, true].map((difference) => {
            const basis = v
              .slice(0, count)
              .map<BasisElement>((vector, k) => (difference && k % 2 === 0 ? [vector, v[k + 1]!] : vector));
            const out = new Float64Array((rows * count * (count + 1)) / 2);
            gram(out, basis, rows, mode);
            return out;
          }),
        ),
      ),
    );
  });

  it(`normals, ${dtype}`, () => {
    const seeds = BigUint64Array.from({ length: rows }, (_, row) => 2n ** 60n + BigInt(row));
    const samples = new BigUint64Array(rows);
    const out = zeros(dtype, length);
    expectSameBits(() => {
      normals(out, seeds, samples, 3, 5);
      return [out];
    });
  });

  it(`clamp, threshold, absoluteQuantile and firstNonFinite, ${dtype}`, () => {
    const v = randomVector(dtype, length, 9, 1);
    v[length - 5] = Number.POSITIVE_INFINITY;
    v[length - 4] = Number.NaN;
    const clamped = zeros(dtype, length);
    const thresholded = zeros(dtype, length);
    const quantiles = new Float64Array(rows);
    expectSameBits(() => {
      clamp(clamped, v, -0.9, 1.1);
      threshold(thresholded, v, new Float64Array(rows).fill(1.3));
      absoluteQuantile(quantiles.subarray(1), v.subarray(0, length - size), 0.995, rows - 1);
      return [clamped, thresholded, quantiles, Float64Array.of(firstNonFinite(v))];
    });
    expect(firstNonFinite(v)).toBe(length - 5);
  });
}

it("halfToFloat and floatToHalf", () => {
  const input = randomVector("float32", length, 4, 1) as Float32Array;
  const halves = new Uint16Array(length);
  const floats = new Float32Array(length);
  expectSameBits(() => {
    floatToHalf(halves, input);
    halfToFloat(floats, halves);
    return [halves, floats];
  });
});

it("the settings that this rests on can be forced and read back", () => {
  for (const set of nativeInfo().instructionSets) {
    setInstructionSet(set);
    expect(nativeInfo().instructionSet).toBe(set);
  }
  setInstructionSet("auto");
  expect(nativeInfo().instructionSet).toBe(nativeInfo().instructionSets.at(-1));
  const { threads } = nativeInfo();
  setThreads(3);
  expect(nativeInfo().threads).toBe(3);
  setThreads(threads);
});
