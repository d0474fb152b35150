import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Named,
  readSafetensors,
  type SafeTensor,
  writeSafetensors,
} from "../../lib/io/index.js";
import { temporaryFolder } from "./support.js";

const tensors = new Map<string, SafeTensor>([
  ["odd", { dtype: "U8", shape: [3], data: Uint8Array.of(1, 2, 3) }],
  ["weights", { dtype: "F32", shape: [2, 2], data: Float32Array.of(1, -2.5, Number.NaN, 4) }],
  ["half", { dtype: "F16", shape: [1], data: Uint16Array.of(0x3c00) }],
  ["wide", { dtype: "F64", shape: [], data: Float64Array.of(Math.PI) }],
  ["counts", { dtype: "I64", shape: [2], data: BigInt64Array.of(-1n, 5n) }],
  ["none", { dtype: "F32", shape: [0, 4], data: new Float32Array(0) }],
]);

/** A file with a header of one's own. */
function file(header: unknown, data = 16): Buffer {
  const json = typeof header === "string" ? header : JSON.stringify(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(json)));
  return Buffer.concat([length, Buffer.from(json), Buffer.alloc(data)]);
}
const f32 = (begin: unknown, end: unknown, shape: unknown = [2]) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

test("tensors and metadata come back as they were", async () => {
  const path = join(await temporaryFolder(), "a.safetensors");
  await writeSafetensors(path, tensors, { source: "test" });
  expect(await readSafetensors(path)).toEqual({ tensors, metadata: { source: "test" } });
});

test("tensors in an object give the same bytes as in a map", async () => {
  const path = join(await temporaryFolder(), "a.safetensors");
  await writeSafetensors(path, Object.fromEntries(tensors));
  expect((await readSafetensors(path)).tensors).toEqual(tensors);
  expect(encodeSafetensors(Object.fromEntries(tensors))).toEqual(encodeSafetensors(tensors));
});

test("the header ends at a multiple of 8 bytes", () => {
  const bytes = encodeSafetensors(new Map([["a", { dtype: "U8", shape: [1], data: Uint8Array.of(9) }]]));
  expect((bytes.length - 1) % 8).toBe(0);
  expect(bytes.at(-1)).toBe(9);
});

test.each(["constructor", "__proto__"])("a name that is a property of objects: %s", (name) => {
  const odd = new Map<string, SafeTensor>([[name, { dtype: "U8", shape: [1], data: Uint8Array.of(1) }]]);
  expect(decodeSafetensors(encodeSafetensors(odd)).tensors).toEqual(odd);
});

describe("bad files", () => {
  const cases: [string, Buffer, RegExp][] = [
    ["too short", Buffer.alloc(4), /shorter/],
    [
      "a header longer than the file",
      Buffer.concat([Buffer.of(255, 0, 0, 0, 0, 0, 0, 0), Buffer.from("{}")]),
      /header declares 255/,
    ],
    [
      "a header of 2^63 bytes",
      Buffer.concat([Buffer.of(0, 0, 0, 0, 0, 0, 0, 128), Buffer.from("{}")]),
      /header declares/,
    ],
    ["no JSON", file("{oops"), /not a JSON object/],
    ["an array", file([]), /not a JSON object/],
    ["beyond the end", file({ a: f32(0, 16), b: f32(16, 24) }), /"b" lies outside|"a" has 16/],
    ["outside the file", file({ a: f32(0, 8), b: f32(8, 16), c: f32(16, 24) }), /"c" lies outside/],
    ["backwards", file({ a: f32(8, 0) }), /"a" lies outside/],
    ["overlap", file({ a: f32(0, 8), b: f32(4, 12) }), /must not overlap/],
    ["a gap", file({ a: f32(0, 4, [1]), b: f32(8, 16) }), /leave gaps/],
    ["bytes left over", file({ a: f32(0, 8) }), /8 bytes belong to no tensor/],
    ["a shape that does not fit", file({ a: f32(0, 16) }), /its shape needs 8/],
    ["a negative offset", file({ a: f32(-8, 0) }), /invalid data_offsets/],
    ["an offset that is no integer", file({ a: f32(0, 8.5) }), /invalid data_offsets/],
    ["a shape that is none", file({ a: f32(0, 8, ["2"]) }), /invalid shape/],
    ["a huge shape", file({ a: f32(0, 8, [2 ** 40, 2 ** 12]) }), /its shape needs/],
    ["an unknown dtype", file({ a: { ...f32(0, 8), dtype: "Q4" } }), /unsupported dtype "Q4"/],
    ["a tensor that is null", file({ a: null }), /unsupported dtype/],
    ["metadata that is no text", file({ __metadata__: { a: 1 } }, 0), /__metadata__/],
  ];
  test.each(cases)("%s", async (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: "INVALID_FILE", message: expect.stringMatching(message) }),
    );
    const path = join(await temporaryFolder(), "bad.safetensors");
    await writeFile(path, bytes);
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
  });

  test("a missing file, one over the limit", async () => {
    const path = join(await temporaryFolder(), "a.safetensors");
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
    await writeSafetensors(path, tensors);
    await expect(readSafetensors(path, 20)).rejects.toMatchObject({
      message: expect.stringContaining("limit"),
    });
  });

  test("a tensor whose data does not fit is not written", () => {
    const wrong = new Map<string, SafeTensor>([
      ["a", { dtype: "F32", shape: [3], data: new Float32Array(2) }],
    ]);
    expect(() => encodeSafetensors(wrong)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where: "tensors.a.shape" }),
    );
  });

  const one: SafeTensor = { dtype: "U8", shape: [1], data: Uint8Array.of(1) };
  test.each<[string, unknown, string, string]>([
    ["nothing", undefined, "INVALID_ARGUMENT", "tensors"],
    ["a list", [one], "INVALID_ARGUMENT", "tensors"],
    ["a number", { a: 3 }, "INVALID_ARGUMENT", "tensors.a"],
    ["a dtype that is none", { a: { ...one, dtype: "U9" } }, "UNKNOWN_NAME", "tensors.a.dtype"],
    ["data of another type", { a: { ...one, dtype: "I8" } }, "INVALID_ARGUMENT", "tensors.a.data"],
    ["no data", { a: { dtype: "U8", shape: [1] } }, "INVALID_ARGUMENT", "tensors.a.data"],
    ["the name of the metadata", { __metadata__: one }, "INVALID_ARGUMENT", "tensors"],
  ])("%s is not written", (_, tensors, code, where) => {
    expect(() => encodeSafetensors(tensors as Named<SafeTensor>)).toThrow(
      expect.objectContaining({ name: "QuenchError", code, where }),
    );
  });

  test("metadata of any name come back", () => {
    const metadata = JSON.parse('{"__proto__": "x", "constructor": "y"}');
    const read = decodeSafetensors(encodeSafetensors({}, metadata)).metadata;
    expect(Object.entries(read)).toEqual(Object.entries(metadata));
  });

  test("metadata that is no text is not written", () => {
    expect(() => encodeSafetensors({ a: one }, { step: 3 } as unknown as Record<string, string>)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where: "metadata" }),
    );
  });
});
