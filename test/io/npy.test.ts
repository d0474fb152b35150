import { existsSync } from "node:fs";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeNpy, encodeNpy, type NpyArray, readNpy, writeNpy } from "../../lib/io/index.js";
import { temporaryFolder } from "./support.js";

const heldOut = new URL("../../models/digits/heldout-labels.npy", import.meta.url).pathname;

/** A `.npy` file with a header of one's own. */
function npy(header: string, data: number, version = 1): Buffer {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([
    Buffer.from(`\x93NUMPY`, "latin1"),
    Buffer.of(version, 0),
    length,
    Buffer.from(header, "latin1"),
    Buffer.alloc(data),
  ]);
}

const float3 = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n";
const failure = (message: RegExp) =>
  expect.objectContaining({ code: "INVALID_FILE", message: expect.stringMatching(message) });

describe("arrays come back as they were", () => {
  const arrays: [string, NpyArray][] = [
    ["f4", { data: Float32Array.of(1.5, -2, Number.NaN, Infinity, 1e-40, -0), shape: [2, 3] }],
    ["f8", { data: Float64Array.of(Math.PI, 1e300), shape: [2] }],
    ["u1", { data: Uint8Array.of(0, 255, 7), shape: [1, 3, 1] }],
    ["i4", { data: Int32Array.of(-1, 2 ** 30), shape: [2, 1] }],
    ["i8", { data: BigInt64Array.of(-1n, 2n ** 62n), shape: [2] }],
    ["u8", { data: BigUint64Array.of(2n ** 64n - 1n), shape: [1] }],
    ["a scalar", { data: Float64Array.of(3), shape: [] }],
    ["nothing", { data: new Float32Array(0), shape: [0, 5] }],
  ];
  test.each(arrays)("%s", async (_, array) => {
    expect(decodeNpy(encodeNpy(array))).toEqual(array);
    const path = join(await temporaryFolder(), "a.npy");
    await writeNpy(path, array);
    expect(await readNpy(path)).toEqual(array);
  });

  test("any float64 array of any shape", () => {
    fc.assert(
      fc.property(fc.float64Array({ maxLength: 60 }), (data) => {
        expect(decodeNpy(encodeNpy({ data, shape: [data.length, 1] })).data).toEqual(data);
      }),
    );
  });

  test("a view into a larger buffer, and bytes at an odd offset", () => {
    const data = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
    const bytes = encodeNpy({ data, shape: [2] });
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodeNpy(shifted.subarray(1)).data).toEqual(Float64Array.of(2, 3));
  });
});

describe("NumPy's own files", () => {
  test("one that NumPy wrote", async () => {
    const { data, shape } = await readNpy(heldOut);
    expect(shape).toEqual([data.length]);
    expect(new Set(Array.from(data, Number)).size).toBe(10);
  });

  test("data begins at a multiple of 64 bytes", () => {
    const bytes = encodeNpy({ data: Float32Array.of(1), shape: [1] });
    expect((bytes.length - 4) % 64).toBe(0);
    expect(Buffer.from(bytes.subarray(0, 8)).toString("latin1")).toBe("\x93NUMPY\x01\x00");
  });

  test("version 2, other spacing and key order", () => {
    expect(decodeNpy(npy(float3, 12, 2)).shape).toEqual([3]);
    const header = `{ "shape":( 1,3L ) ,"descr":"<f4","fortran_order":False}`;
    expect(decodeNpy(npy(header, 12)).shape).toEqual([1, 3]);
  });

  test("Fortran order of a vector is C order", () => {
    expect(decodeNpy(npy(float3.replace("False", "True"), 12)).shape).toEqual([3]);
  });
});

describe("bad files", () => {
  const cases: [string, Buffer, RegExp][] = [
    ["no magic", Buffer.from("hello, this is text"), /not a \.npy/],
    ["empty", Buffer.alloc(0), /not a \.npy/],
    ["version 3", npy(float3, 12, 3), /version 3/],
    ["too little data", npy(float3, 11), /declares 12 bytes.*holds 11/],
    ["too much data", npy(float3, 13), /holds 13/],
    ["a huge shape", npy(float3.replace("(3,)", "(999999999999, 8)"), 12), /declares/],
    ["a shape beyond integers", npy(float3.replace("(3,)", "(99999999999999999999,)"), 12), /integers/],
    ["a negative shape", npy(float3.replace("(3,)", "(-3,)"), 12), /no shape/],
    ["big-endian", npy(float3.replace("<f4", ">f4"), 12), /dtype ">f4"/],
    ["objects", npy(float3.replace("<f4", "|O"), 12), /dtype "\|O"/],
    ["Fortran order", npy(float3.replace("False", "True").replace("(3,)", "(3, 2)"), 24), /Fortran/],
    [
      "a header longer than the file",
      Buffer.concat([npy(float3, 0).subarray(0, 8), Buffer.of(0xff, 0xff), Buffer.alloc(10)]),
      /header declares/,
    ],
    ["a header that is code", npy("__import__('os').system('true')  ", 12), /no dtype/],
  ];
  test.each(cases)("%s", async (_, bytes, message) => {
    expect(() => decodeNpy(bytes)).toThrow(failure(message));
    const path = join(await temporaryFolder(), "bad.npy");
    await writeFile(path, bytes);
    await expect(readNpy(path)).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
  });

  test("a missing file, and one that was cut", async () => {
    const path = join(await temporaryFolder(), "a.npy");
    await expect(readNpy(path)).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
    await writeNpy(path, { data: new Float32Array(100), shape: [100] });
    await truncate(path, (await readFile(path)).length - 1);
    await expect(readNpy(path)).rejects.toMatchObject({ code: "INVALID_FILE" });
  });

  test("a shape that does not fit the data is not written", () => {
    expect(() => encodeNpy({ data: new Float32Array(3), shape: [2] })).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where: "array.shape" }),
    );
  });

  const notArrays: [string, unknown, string][] = [
    ["numbers without a shape", new Float32Array(3), "array"],
    ["nothing", undefined, "array"],
    ["a list of numbers", { data: [1, 2], shape: [2] }, "array.data"],
    ["no shape", { data: new Float32Array(1) }, "array.shape"],
    ["a shape of fractions", { data: new Float32Array(1), shape: [0.5, 2] }, "array.shape"],
  ];
  test.each(notArrays)("%s is not written", async (_, array, where) => {
    const path = join(await temporaryFolder(), "a.npy");
    await expect(writeNpy(path, array as NpyArray)).rejects.toMatchObject({
      name: "QuenchError",
      code: "INVALID_ARGUMENT",
      where,
    });
    expect(existsSync(path)).toBe(false);
  });
});
