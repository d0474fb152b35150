import { crc32, deflateSync } from "node:zlib";
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
    ["text", Buffer.from("hello, this is not a picture of anything"), /not a valid PNG/],
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

  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = (width: number, height: number, depth = 8, colour = 0) => {
    const data = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, depth, colour, 0, 0, 0]);
    data.writeUInt32BE(width, 0);
    data.writeUInt32BE(height, 4);
    return chunk("IHDR", data);
  };
  const png = (...chunks: Buffer[]) =>
    Buffer.concat([good.subarray(0, 8), ...chunks, chunk("IEND", Buffer.alloc(0))]);
  const packed = (...data: number[]) => deflateSync(Uint8Array.from(data));
  const bomb = deflateSync(Buffer.alloc(2 ** 26));
  const black = chunk("IDAT", packed(0, 0));

  test.each<[string, Uint8Array, RegExp]>([
    ["data of more than the image", png(header(1, 1), chunk("IDAT", bomb)), /not the 2 bytes/],
    ["data of less than the image", png(header(2, 1), black), /not the 3 bytes/],
    [
      "data behind the image's",
      png(header(1, 1), chunk("IDAT", Buffer.concat([packed(0, 0), bomb]))),
      /2 bytes/,
    ],
    ["a chunk before the header", png(chunk("teXt", Buffer.alloc(16)), header(1, 1), black), /the header/],
    ["two headers", png(header(1, 1), header(2 ** 15, 2 ** 15), black), /twice/],
    ["no pixels", png(header(0, 1), chunk("IDAT", packed())), /limit/],
    ["a depth there is not", png(header(1, 1, 3), black), /colour type/],
    [
      "a colour beyond the palette",
      png(header(1, 1, 8, 3), chunk("PLTE", Buffer.alloc(3)), chunk("IDAT", packed(0, 7))),
      /palette of 1/,
    ],
    ["no palette", png(header(1, 1, 8, 3), black), /palette/],
  ])("%s", (_, bytes, message) => {
    expect(() => decodePng(bytes, "x.png")).toThrow(
      expect.objectContaining({ code: "INVALID_FILE", message: expect.stringMatching(message) }),
    );
  });

  test("a colour profile is never unpacked", () => {
    const profile = chunk("iCCP", Buffer.from("a\0\0this is not packed", "latin1"));
    expect(decodePng(png(header(1, 1), profile, black))).toMatchObject({ width: 1, height: 1 });
  });

  test("interlaced images of any size are not refused", () => {
    const interlaced = header(3, 3);
    interlaced[20] = 1;
    interlaced.writeUInt32BE(crc32(interlaced.subarray(4, 21)), 21);
    const passes = packed(0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 6);
    expect(decodePng(png(interlaced, chunk("IDAT", passes))).data).toEqual(
      Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
    );
  });

  test("a palette that colours only come with is no palette", () => {
    const colours = chunk("IDAT", packed(0, 1, 2, 3));
    const { data } = decodePng(png(header(1, 1, 8, 2), chunk("PLTE", Buffer.alloc(3)), colours));
    expect(data).toEqual(Uint8Array.of(1, 2, 3));
  });

  test("data that does not fit the size is not written", () => {
    expect(() => encodePng({ width: 2, height: 2, channels: 3, data: new Uint8Array(4) })).toThrow(
      expect.objectContaining({ where: "data" }),
    );
  });
});
