import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openImages } from "../../lib/calibrate/index.js";
import { encodePng, writeNpy, writeNpz } from "../../lib/io/index.js";

const model = { shape: [1, 2, 3], valueRange: [-1, 1] as const };
const bytes = Uint8Array.from({ length: 24 }, (_, i) => (i * 255) / 23);
const scaled = [...bytes].map((byte) => Math.fround(byte / 127.5 - 1));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quench-images-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("NaN in a file is named with its place in it", async () => {
  const path = join(folder, "holes.npy");
  const data = new Float32Array(4 * 12).fill(0.5);
  data[2 * 12 + 3] = NaN;
  await writeNpy(path, { data, shape: [4, 3, 2, 2] });
  const source = await openImages(path, { shape: [3, 2, 2], valueRange: [-1, 1] });
  await source.read(0, 1);
  await expect(source.read(1, 2)).rejects.toMatchObject({
    code: "INVALID_FILE",
    where: path,
    message: expect.stringContaining("NaN in row 2, element 3"),
  });
  await source.close?.();
});

it("floats of another range than the model's are refused, or warned of", async () => {
  const written = async (name: string, values: (i: number) => number) => {
    const path = join(folder, name);
    await writeNpy(path, { data: Float32Array.from({ length: 12 }, (_, i) => values(i)), shape: [2, 2, 3] });
    return path;
  };
  const warned: Error[] = [];
  const listen = (warning: Error) => void warned.push(warning);
  process.on("warning", listen);
  const read = async (path: string, given: Parameters<typeof openImages>[1] = model) => {
    const source = await openImages(path, given);
    await source.read(0, 2).finally(() => source.close!());
    await new Promise((resolve) => setImmediate(resolve));
    return warned.splice(0).map(({ message }) => message);
  };
  const bytes = await written("bytes.npy", (i) => (i * 255) / 11);
  await expect(read(bytes)).rejects.toMatchObject({
    code: "INVALID_FILE",
    where: bytes,
    message: expect.stringContaining("[-1, 1], received some from 0 to 255"),
  });
  expect(await read(bytes, { shape: model.shape })).toEqual([]); // a model that does not say its range
  expect(await read(await written("overshoot.npy", (i) => (i * 2.1) / 11 - 1.08))).toEqual([]);
  expect(await read(await written("unit.npy", (i) => i / 11))).toEqual([
    expect.stringContaining("upper half of the model's range [-1, 1]"),
  ]);
  process.off("warning", listen);
});

describe("images to measure on", () => {
  it("bytes in .npy, in parts", async () => {
    const path = join(folder, "a.npy");
    await writeNpy(path, { data: bytes, shape: [4, 2, 3] });
    const source = await openImages(path, model);
    expect(source.count).toBe(4);
    expect([...(await source.read(1, 2))]).toEqual(scaled.slice(6, 18).map((v) => expect.closeTo(v, 6)));
    expect([...(await source.read(3, 1))]).toEqual(scaled.slice(18).map((v) => expect.closeTo(v, 6)));
    await source.close!();
  });

  it.each([
    ["a hot one for each class", Float32Array.of(0, 1, 1, 0), [2, 2]],
    ["shares", Float32Array.of(0.5, 1.5), [2]],
    ["more than images", Int32Array.of(0, 1, 1), [3]],
  ])("labels in .npz that are %s are refused", async (name, labels, shape) => {
    const path = join(folder, `${name}.npz`);
    await writeNpz(path, {
      images: { data: new Float32Array(12), shape: [2, 2, 3] },
      labels: { data: labels, shape },
    });
    await expect(openImages(path, model)).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
  });

  it("floats in .npz as they are, with labels", async () => {
    const path = join(folder, "b.npz");
    const data = Float32Array.from({ length: 12 }, (_, i) => i / 12);
    await writeNpz(path, {
      samples: { data, shape: [2, 1, 2, 3] },
      labels: { data: BigInt64Array.of(4n, 2n), shape: [2] },
    });
    const source = await openImages(path, model);
    expect([...source.labels!]).toEqual([4, 2]);
    expect([...(await source.read(1, 1))]).toEqual([6, 7, 8, 9, 10, 11].map((i) => Math.fround(i / 12)));
  });

  it("a folder of PNG files in order of name, grey on three channels, colours as planes", async () => {
    const place = join(folder, "pngs");
    await mkdir(place);
    const grey = encodePng({ width: 3, height: 2, channels: 1, data: bytes.subarray(0, 6) });
    const colour = encodePng({ width: 3, height: 2, channels: 3, data: bytes.subarray(0, 18) });
    await writeFile(join(place, "b.png"), grey);
    await writeFile(join(place, "a.png"), colour);
    const source = await openImages(place, { shape: [3, 2, 3], valueRange: [0, 255] });
    const [first, second] = [await source.read(0, 1), await source.read(1, 1)];
    expect([...first.subarray(0, 6)]).toEqual([0, 3, 6, 9, 12, 15].map((i) => bytes[i]));
    expect([...first.subarray(12)]).toEqual([2, 5, 8, 11, 14, 17].map((i) => bytes[i]));
    expect([...second]).toEqual([0, 1, 2].flatMap(() => [...bytes.subarray(0, 6)]));
    const narrow = await openImages(place, model);
    await expect(narrow.read(0, 1)).rejects.toMatchObject({
      code: "INVALID_FILE",
      where: join(place, "a.png"),
    });
  });

  it("no PNG files of what is no image", async () => {
    const place = join(folder, "points");
    await mkdir(place);
    await writeFile(
      join(place, "a.png"),
      encodePng({ width: 1, height: 1, channels: 1, data: bytes.subarray(0, 1) }),
    );
    await expect(openImages(place, { shape: [2] })).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringContaining("samples of shape [2] are no images"),
    });
  });

  it.each(["missing.npy", "text.txt", "empty", "shape.npy", "noimages.npz", "cut.npy", "ints.npy"])(
    "refuses %s",
    async (name) => {
      const path = join(folder, name);
      if (name === "text.txt") await writeFile(path, "hello");
      if (name === "empty") await mkdir(path);
      if (name === "shape.npy") await writeNpy(path, { data: bytes, shape: [6, 4] });
      if (name === "noimages.npz") await writeNpz(path, { other: { data: bytes, shape: [24] } });
      if (name === "cut.npy") {
        await writeNpy(path, { data: bytes, shape: [4, 2, 3] });
        const { readFile } = await import("node:fs/promises");
        await writeFile(path, (await readFile(path)).subarray(0, -5));
      }
      if (name === "ints.npy") await writeNpy(path, { data: Int32Array.from(bytes), shape: [4, 2, 3] });
      const reading = openImages(path, model).then((source) => source.read(0, 1));
      await expect(reading).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
    },
  );
});

it("a file of another shape is refused, and closed", async () => {
  const path = join(folder, "other.npy");
  await writeNpy(path, { data: new Float32Array(8), shape: [2, 4] });
  const before = opened(path);
  await expect(openImages(path, model)).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
  expect(opened(path)).toBe(before);
});

it("a picture larger than any that is read is refused by its size", async () => {
  const pictures = join(folder, "huge");
  await mkdir(pictures);
  const path = join(pictures, "0.png");
  await writeFile(path, "");
  await truncate(path, 2 ** 33); // a hole: takes no room
  const source = await openImages(pictures, model);
  await expect(source.read(0, 1)).rejects.toMatchObject({
    code: "INVALID_FILE",
    where: path,
    message: expect.stringContaining("more than the limit"),
  });
});

/** How often this process has a file open; 0 where the system does not say. */
function opened(path: string): number {
  if (!existsSync("/proc/self/fd")) return 0;
  const links = readdirSync("/proc/self/fd").map((name) => {
    try {
      return readlinkSync(join("/proc/self/fd", name));
    } catch {
      return "";
    }
  });
  return links.filter((link) => link === path).length;
}
