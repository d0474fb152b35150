import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { preprocessings } from "../../lib/metrics/index.js";
import { preprocessingSchema, preprocessor } from "../../lib/metrics/preprocess.js";
import { type ResizeMethod, resizePlane } from "../../lib/metrics/resize.js";

interface Case {
  readonly method: ResizeMethod;
  readonly from: [number, number];
  readonly to: [number, number];
  readonly values: readonly number[];
}

const golden = JSON.parse(readFileSync(new URL("../recorded/resize.json", import.meta.url), "utf8")) as {
  readonly cases: readonly Case[];
};

const plane = (length: number) => Float64Array.from({ length }, (_, i) => (37 * i * i + 11 * i) % 256);

describe("resizing", () => {
  it.each(golden.cases)(
    "$method from $from to $to is Pillow's or PyTorch's",
    ({ method, from, to, values }) => {
      const found = resizePlane(plane(from[0] * from[1]), from, to, method);
      expect(found).toHaveLength(values.length);
      for (const [i, value] of values.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(2e-3);
    },
  );

  it("TensorFlow 1's bilinear keeps the first pixel in its corner and repeats the last", () => {
    expect([...resizePlane([0, 8], [1, 2], [1, 4], "bilinear-corner")]).toEqual([0, 4, 8, 8]);
    expect([...resizePlane([0, 8], [1, 2], [1, 4], "bilinear")]).toEqual([0, 2, 6, 8]);
  });
});

describe("preprocessing", () => {
  it("rounds to bytes, repeats grey, and normalises per channel", () => {
    const options = preprocessingSchema.parse({ channels: 3, mean: [0, 0.5, 1], std: [1, 0.5, 2] });
    const { shape, apply } = preprocessor(options, [1, 1, 3]);
    expect(shape).toEqual([3, 1, 3]);
    const bytes = [0, 128, 255].map((byte) => byte / 255);
    const expected = [...bytes, ...bytes.map((v) => (v - 0.5) / 0.5), ...bytes.map((v) => (v - 1) / 2)];
    // 0.002 rounds to 128, -1.4 and 1.3 are cut.
    const found = apply(Float32Array.of(-1.4, 0.002, 1.3));
    expect([...found]).toEqual(expected.map(Math.fround));
  });

  it("the named ones give their networks' input", () => {
    const samples = Float32Array.from({ length: 3 * 8 * 8 }, (_, i) => Math.sin(i));
    for (const [name, side] of [
      ["pytorch-fid", 299],
      ["tensorflow-fid", 299],
      ["clean-fid", 299],
      ["dinov2", 224],
    ] as const) {
      const { shape, apply } = preprocessor(preprocessings[name]!, [3, 8, 8]);
      expect(shape).toEqual([3, side, side]);
      expect(apply(samples)).toHaveLength(3 * side * side);
    }
    const { apply } = preprocessor(preprocessings["clean-fid"]!, [1, 2, 2]);
    // (255 - 128) / 128, and -1 for black.
    expect(apply(new Float32Array(4).fill(1))[0]).toBeCloseTo(127 / 128, 6);
    expect(apply(new Float32Array(4).fill(-1))[0]).toBeCloseTo(-1, 6);
  });

  it("refuses samples that are no images, and channels that do not fit", () => {
    const options = preprocessings["pytorch-fid"]!;
    expect(() => preprocessor(options, [64])).toThrow(/channels, height, width/);
    expect(() => preprocessor(options, [2, 8, 8])).toThrow(/cannot make 3 of 2 channels/);
    const wide = preprocessingSchema.parse({ channels: 5e9 });
    expect(() => preprocessor(wide, [1, 8, 8])).toThrow(/preprocess: an input of \[5000000000, 8, 8\]/);
    const divided = preprocessingSchema.parse({ std: [1, 0, 1] });
    expect(() => preprocessor(divided, [3, 8, 8])).toThrow(/preprocess\.std: expected numbers other than 0/);
    expect(() => preprocessor(preprocessingSchema.parse({ mean: [1, 2] }), [3, 8, 8])).toThrow(
      /one per channel/,
    );
  });
});
