import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { decodePng, encodePng, imageGrid } from "../../lib/io/index.js";

test.each([1, 3] as const)("an image of %i channels comes back as it was", (channels) => {
  const data = Uint8Array.from({ length: 5 * 4 * channels }, (_, i) => i * 4);
  const image = { width: 5, height: 4, channels, data };
  expect(decodePng(encodePng(image))).toEqual(image);
});

describe("other PNGs are read as 8 bit", () => {
  test("transparency is dropped", () => {
    const bytes = encode({ width: 1, height: 1, channels: 4, data: Uint8Array.of(1, 2, 3, 4) });
    expect(decodePng(bytes)).toEqual({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) });
    const grey = encode({ width: 2, height: 1, channels: 2, data: Uint8Array.of(1, 255, 3, 0) });
    expect(decodePng(grey)).toEqual({ width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 3) });
  });

  test("16 bit", () => {
    const bytes = encode({
      width: 2,
      height: 1,
      channels: 1,
      depth: 16,
      data: Uint16Array.of(65535, 257 * 7),
    });
    expect(decodePng(bytes).data).toEqual(Uint8Array.of(255, 7));
  });

  test("1 bit, whose lines end within a byte", () => {
    const bytes = encode({
      width: 3,
      height: 2,
      channels: 1,
      depth: 1,
      data: Uint8Array.of(0b10100000, 0b01000000),
    });
    expect(decodePng(bytes).data).toEqual(Uint8Array.of(255, 0, 255, 0, 255, 0));
  });
});

describe("grids", () => {
  test("samples in reading order, the rest black", () => {
    const samples = Float32Array.of(-1, 1, 0, 0, 1, 1);
    const grid = imageGrid(samples, [1, 1, 2], [-1, 1], 2);
    expect(grid).toEqual({
      width: 4,
      height: 2,
      channels: 1,
      data: Uint8Array.of(0, 255, 128, 128, 255, 255, 0, 0),
    });
  });

  test("planes become interleaved channels", () => {
    const samples = Float64Array.of(0, 1, 0.2, 0.4, 0.6, 0.8);
    expect(imageGrid(samples, [3, 1, 2], [0, 1]).data).toEqual(Uint8Array.of(0, 51, 153, 255, 102, 204));
  });

  test("values outside the range are clamped, NaN is black", () => {
    expect(imageGrid(Float32Array.of(-5, 5, Number.NaN, Infinity), [2, 2], [-1, 1]).data).toEqual(
      Uint8Array.of(0, 255, 0, 255),
    );
  });

  test("the default is nearly square; fewer samples than columns leave no margin", () => {
    expect(imageGrid(new Float32Array(64 * 4), [2, 2])).toMatchObject({ width: 16, height: 16 });
    expect(imageGrid(new Float32Array(3 * 4), [2, 2], [-1, 1], 10)).toMatchObject({ width: 6, height: 2 });
  });

  test.each<[string, Parameters<typeof imageGrid>, string]>([
    ["a shape of four channels", [new Float32Array(16), [4, 2, 2]], "shape"],
    ["a vector", [new Float32Array(16), [16]], "shape"],
    ["half an image", [new Float32Array(6), [1, 2, 2]], "samples"],
    ["no image", [new Float32Array(0), [1, 2, 2]], "samples"],
    ["no columns", [new Float32Array(4), [1, 2, 2], [-1, 1], 0], "columns"],
    ["an empty range", [new Float32Array(4), [1, 2, 2], [1, 1]], "valueRange"],
  ])("%s is refused", (_, parameters, where) => {
    expect(() => imageGrid(...parameters)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where }),
    );
  });
});

describe("bad files", () => {
  const good = encodePng({ width: 4, height: 4, channels: 1, data: new Uint8Array(16) });
  const huge = Buffer.from(good);
  huge.writeUInt32BE(2 ** 30, 16);
  const spoiled = Buffer.from(good);
  spoiled[45]! ^= 255;
  test.each<[string, Uint8Array, RegExp]>([
    ["text", Buffer.from("hello, this is not a picture of anything"), /not a PNG/],
    ["a header of 4 billion pixels", huge, /limit/],
    ["a changed byte", spoiled, /not a valid PNG/],
    ["a cut file", good.subarray(0, 50), /not a valid PNG/],
  ])("%s", (_, bytes, message) => {
    expect(() => decodePng(bytes, "x.png")).toThrow(
      expect.objectContaining({
        code: "INVALID_FILE",
        where: "x.png",
        message: expect.stringMatching(message),
      }),
    );
  });

  test("data that does not fit the size is not written", () => {
    expect(() => encodePng({ width: 2, height: 2, channels: 3, data: new Uint8Array(4) })).toThrow(
      expect.objectContaining({ where: "data" }),
    );
  });
});
