import { describe, expect, test } from "vitest";
import { decodePng, encodePng, encodePngElsewhere, type Image } from "../../lib/io/index.js";

function noise(width: number, height: number, channels: 1 | 3): Image {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 2654435761) >>> 13);
  return { width, height, channels, data };
}

describe("a PNG packed elsewhere", () => {
  test.each([1, 3] as const)("comes back as it was, of %i channels", async (channels) => {
    const image = noise(37, 23, channels);
    const bytes = await encodePngElsewhere(image);
    expect(decodePng(bytes)).toEqual(image);
    expect(bytes.subarray(0, 33)).toEqual(Buffer.from(encodePng(image).subarray(0, 33)));
  });

  test("keeps no others waiting: their turns come while it is packed", async () => {
    let turns = 0;
    let done = false;
    const count = () => {
      turns++;
      if (!done) setImmediate(count);
    };
    const packed = encodePngElsewhere(noise(2000, 2000, 3));
    setImmediate(count);
    await packed;
    done = true;
    expect(turns).toBeGreaterThan(5);
  });

  test("is refused where the numbers are not those of its size", async () => {
    const image = { ...noise(2, 2, 1), height: 3 };
    await expect(encodePngElsewhere(image)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "data",
    });
  });
});
