import { existsSync } from "node:fs";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { decodeNpz, encodeNpy, encodeNpz, readNpz, writeNpz } from "../../lib/io/index.js";
import { temporaryFolder } from "./support.js";

const samples = { data: Float32Array.from({ length: 12 }, (_, i) => i / 3), shape: [3, 4] };
const seeds = { data: BigUint64Array.of(1n, 2n ** 63n), shape: [2] };
const failure = (message: RegExp) =>
  expect.objectContaining({ code: "INVALID_FILE", message: expect.stringMatching(message) });

test("arrays come back by name", async () => {
  const path = join(await temporaryFolder(), "a.npz");
  await writeNpz(path, { samples, seeds });
  expect(await readNpz(path)).toEqual(
    new Map<string, unknown>([
      ["samples", samples],
      ["seeds", seeds],
    ]),
  );
});

test("what was read can be written as it is", async () => {
  const folder = await temporaryFolder();
  await writeNpz(join(folder, "a.npz"), { samples, seeds });
  const arrays = await readNpz(join(folder, "a.npz"));
  await writeNpz(join(folder, "b.npz"), arrays);
  expect(await readNpz(join(folder, "b.npz"))).toEqual(arrays);
  expect(encodeNpz(arrays)).toEqual(encodeNpz({ samples, seeds }));
});

test.each<[string, unknown, string]>([
  ["nothing", undefined, "arrays"],
  ["a list", [samples], "arrays"],
  ["a set", new Set([samples]), "arrays"],
  ["numbers", samples.data, "arrays"],
  ["a map with names that are numbers", new Map([[1, samples]]), "arrays"],
  ["an array instead of arrays by name", samples, "arrays.data"],
  ["a shape that does not fit", { samples: { ...samples, shape: [5] } }, "arrays.samples.shape"],
])("%s is refused", async (_, arrays, where) => {
  const path = join(await temporaryFolder(), "a.npz");
  await expect(writeNpz(path, arrays as Parameters<typeof writeNpz>[1])).rejects.toMatchObject({
    name: "QuenchError",
    code: "INVALID_ARGUMENT",
    where,
  });
  expect(existsSync(path)).toBe(false);
});

test("more arrays than a ZIP file can count, and names that it cannot hold, are refused", () => {
  const one = { data: Uint8Array.of(1), shape: [1] };
  const many = Object.fromEntries(Array.from({ length: 2 ** 16 }, (_, i) => [`a${i}`, one]));
  for (const arrays of [many, { ["x".repeat(70_000)]: one }, { "\ud800": one }])
    expect(() => encodeNpz(arrays)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where: "arrays" }),
    );
});

test("the same arrays give the same bytes", () => {
  expect(encodeNpz({ samples })).toEqual(encodeNpz({ samples }));
});

test("a file that NumPy wrote", async () => {
  const arrays = await readNpz(new URL("../../models/digits/features.npz", import.meta.url).pathname);
  for (const { data, shape } of arrays.values()) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
  expect(arrays.size).toBeGreaterThan(0);
});

test("entries that are no arrays are passed over", () => {
  const bytes = zipSync({ "readme.txt": Buffer.from("hello"), "a.npy": encodeNpy(samples) });
  expect([...decodeNpz(bytes).keys()]).toEqual(["a"]);
});

describe("bad files", () => {
  test("an array that is not what its checksum says", () => {
    const bytes = zipSync({ "a.npy": encodeNpy(samples), "b.npy": encodeNpy(seeds) }, { level: 0 });
    expect([...decodeNpz(bytes).keys()]).toEqual(["a", "b"]);
    const at = Buffer.from(bytes).indexOf(Buffer.from(seeds.data.buffer));
    bytes[at]! ^= 1;
    expect(() => decodeNpz(bytes)).toThrow(failure(/"b\.npy" is not what its checksum says/));
  });

  test("a size that nothing of its packed size unpacks to takes no memory", () => {
    const bytes = Buffer.from(encodeNpz({ samples }));
    bytes.writeUInt32LE(2 ** 30, bytes.indexOf("PK\x01\x02", 0, "latin1") + 24);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => decodeNpz(bytes)).toThrow(failure(/another size than it declares/));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  test("a directory of more entries than the file has bytes for is not gone through", () => {
    const bytes = Buffer.alloc(56 + 20 + 22);
    bytes.writeUInt32LE(0x06064b50, 0);
    bytes.writeUInt32LE(2 ** 32 - 1, 32); // entries
    bytes.writeUInt32LE(bytes.length, 48);
    bytes.writeUInt32LE(0x07064b50, 56);
    bytes.writeUInt32LE(0x06054b50, 76);
    bytes.writeUInt16LE(1, 84);
    expect(() => decodeNpz(bytes)).toThrow(failure(/more than there is/));
  });

  test("no zip, a cut one, a missing one", async () => {
    expect(() => decodeNpz(Buffer.from("hello"))).toThrow(failure(/not a valid \.npz/));
    const path = join(await temporaryFolder(), "a.npz");
    await expect(readNpz(path)).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
    await writeFile(path, encodeNpz({ samples }));
    await truncate(path, 40);
    await expect(readNpz(path)).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
  });

  test("declared sizes beyond the limit are refused before unpacking", () => {
    const bomb = encodeNpz({ zeros: { data: new Float64Array(2 ** 20), shape: [2 ** 20] } });
    expect(bomb.length).toBeLessThan(2 ** 16);
    expect(() => decodeNpz(bomb, "bomb", 2 ** 22)).toThrow(failure(/limit/));
    const two = encodeNpz({ a: samples, b: samples });
    expect(() => decodeNpz(two, "two", encodeNpy(samples).length * 2 - 1)).toThrow(failure(/limit/));
  });

  test("a file over the limit is not read", async () => {
    const path = join(await temporaryFolder(), "a.npz");
    await writeNpz(path, { samples });
    await expect(readNpz(path, { maximumBytes: 10 })).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringContaining("limit"),
    });
  });

  test("an entry that unpacks to more than it declares", () => {
    const bytes = Buffer.from(encodeNpz({ zeros: { data: new Float64Array(2 ** 16), shape: [2 ** 16] } }));
    const declared = encodeNpy({ data: new Float64Array(2 ** 16), shape: [2 ** 16] }).length;
    for (let at = 0; at < bytes.length - 4; at++)
      if (bytes.readUInt32LE(at) === declared) bytes.writeUInt32LE(200, at);
    expect(() => decodeNpz(bytes)).toThrow(expect.objectContaining({ code: "INVALID_FILE" }));
  });

  test("an array inside that is bad names its place", () => {
    const bytes = zipSync({ "a.npy": Buffer.from("not an array at all") });
    expect(() => decodeNpz(bytes, "file.npz")).toThrow(
      expect.objectContaining({ code: "INVALID_FILE", where: "file.npz/a.npy" }),
    );
  });
});
