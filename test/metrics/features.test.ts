import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readNpz, writeNpz } from "../../lib/io/index.js";
import {
  featureStatistics,
  frechetDistance,
  openFeatures,
  readStatistics,
  writeStatistics,
} from "../../lib/metrics/index.js";
import { noise } from "./recipe.js";

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/onnx/${name}`, import.meta.url));
const digits = fileURLToPath(new URL("../../models/digits", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quench-features-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("feature networks", () => {
  it.each(["features.onnx", "features-fixed-batch.onnx"])("any output of %s is flattened", async (file) => {
    const network = await openFeatures(fixture(file), { features: "spatial", logits: "logits" });
    expect(network).toMatchObject({ dimension: 12, classes: 4, shape: [3, 2, 2], reference: undefined });
    const samples = Float64Array.from(noise(1, 5 * 12));
    const { features, logits } = await network.evaluate(samples);
    expect([...features]).toEqual([...samples].map((v) => Math.fround(Math.fround(v) / 2)));
    expect(logits).toHaveLength(5 * 4);
    expect(logits![4]).toBe(Math.fround(samples[12]!));
    expect(await network.extract(samples)).toEqual(features);
    await network.close();
  });

  it("see preprocessed samples", async () => {
    const network = await openFeatures(fixture("features.onnx"), {
      features: "spatial",
      shape: [1, 4, 4],
      preprocess: {
        resize: { height: 2, width: 2, method: "bilinear" },
        channels: 3,
        valueRange: [0, 1],
        mean: 0,
        std: 1,
      },
    });
    // The means of four pixels each, of 0 and 255, halved.
    const samples = Float32Array.of(1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0);
    expect([...(await network.extract(samples))]).toEqual([
      0.5, 0, 0.25, 0.25, 0.5, 0, 0.25, 0.25, 0.5, 0, 0.25, 0.25,
    ]);
    await network.close();
  });

  it("of the bundled model give logits, and know their own statistics", async () => {
    const network = await openFeatures(digits);
    expect(network).toMatchObject({ dimension: 64, classes: 10, shape: [1, 28, 28] });
    const { features, logits } = await network.evaluate(new Float32Array(3 * 784));
    expect([features.length, logits!.length]).toEqual([192, 30]);
    expect(network.reference).toMatchObject({ network: network.hash, count: 1500 });
    await network.close();
  });

  it("say which sample is not finite, and which feature", async () => {
    const network = await openFeatures(fixture("features.onnx"), { features: "root" });
    const samples = new Float32Array(4 * 12).fill(1);
    samples[2 * 12 + 5] = -1;
    await expect(network.extract(samples)).rejects.toMatchObject({
      code: "MODEL_FAILED",
      message: expect.stringContaining('"root" of sample 2 is not finite'),
    });
    samples[13] = Number.NaN;
    await expect(network.extract(samples)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("sample 1 is not finite"),
    });
    await expect(network.extract(new Float32Array(5))).rejects.toThrow(/rows of 12 numbers/);
    await network.close();
  });

  it.each([
    [{}, "MODEL_MISMATCH", /3 outputs, spatial, root, logits: say which/],
    [{ features: "pool3" }, "MODEL_MISMATCH", /no output "pool3"/],
    [{ features: "root", preprocess: "clean_fid" }, "UNKNOWN_NAME", /did you mean "clean-fid"/],
    [{ features: "root", preprocess: "clean-fid" }, "INVALID_ARGUMENT", /expected the shape of a sample/],
    [{ features: "root", preprocess: "clean-fid", shape: [3, 8, 8] }, "MODEL_FAILED", /failed/],
    [{ features: "root", reference: "missing.npz" }, "INVALID_FILE", /cannot read/],
  ] as const)("refuse %o", async (options, code, message) => {
    const opening = openFeatures(fixture("features.onnx"), options as Parameters<typeof openFeatures>[1]);
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ["features-pooled.onnx", {}, "MODEL_MISMATCH", /"pooled" of 2 samples is \[1, 3, 2, 2\]: expected a row/],
    ["float16.onnx", { input: "x" }, "MODEL_MISMATCH", /the input "x" is float16, expected float32/],
    [
      "features.onnx",
      { features: "root", shape: [3, 2 ** 20, 2 ** 20] },
      "INVALID_ARGUMENT",
      /is larger than/,
    ],
  ] as const)("refuse %s with %o before any sample", async (file, options, code, message) => {
    const opening = openFeatures(fixture(file), options as Parameters<typeof openFeatures>[1]);
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("refuse statistics of other features when they are opened", async () => {
    const wrong = join(folder, "wrong.npz");
    await writeStatistics(wrong, featureStatistics(noise(2, 40), 4));
    const opening = openFeatures(fixture("features.onnx"), { features: "root", reference: wrong });
    await expect(opening).rejects.toMatchObject({
      code: "MODEL_MISMATCH",
      message: expect.stringContaining("of 4 features, the network gives 12"),
    });
    const other = join(folder, "other.npz");
    await writeStatistics(other, featureStatistics(noise(2, 240), 12, "ab".repeat(32)));
    await expect(
      openFeatures(fixture("features.onnx"), { features: "root", reference: other }),
    ).rejects.toThrow(/another network/);
  });

  it("of a folder must be what its features.json says", async () => {
    await copyFile(fixture("features.onnx"), join(folder, "features.onnx"));
    const config = {
      format: "quench-features",
      version: 1,
      input: "x",
      features: "spatial",
      shape: [3, 2, 2],
    };
    const save = (more: object) =>
      writeFile(join(folder, "features.json"), JSON.stringify({ ...config, ...more }));
    await save({ dimension: 64 });
    await expect(openFeatures(folder)).rejects.toThrow(/says 64 features, the output "spatial" has 12/);
    await save({ sha256: "00" });
    await expect(openFeatures(folder)).rejects.toMatchObject({ code: "MODEL_MISMATCH" });
    await save({ dimension: 12 });
    await (await openFeatures(folder)).close();
  });
});

describe("a folder of features", () => {
  it("names nothing outside itself, be it by a path or by a link", async () => {
    const own = join(folder, "own");
    await mkdir(own);
    await copyFile(fixture("features.onnx"), join(folder, "outside.onnx"));
    await copyFile(fixture("features.onnx"), join(own, "features.onnx"));
    await writeStatistics(join(folder, "outside.npz"), featureStatistics(noise(2, 240), 12));
    await symlink(join(folder, "outside.npz"), join(own, "link.npz"));
    await symlink(join(folder, "outside.onnx"), join(own, "link.onnx"));
    const config = { format: "quench-features", version: 1, features: "spatial", shape: [3, 2, 2] };
    for (const [more, message] of [
      [{ file: "../outside.onnx" }, /^\/file: expected the name of a file/],
      [{ file: join(folder, "outside.onnx") }, /^\/file: expected the name of a file/],
      [{ file: "link.onnx" }, /a link out of the features' folder/],
      [{ reference: "../outside.npz" }, /^\/reference: expected the name of a file/],
      [{ reference: "link.npz" }, /a link out of the features' folder/],
      [{ reference: "absent.npz" }, /the reference is missing/],
    ] as const) {
      await writeFile(join(own, "features.json"), JSON.stringify({ ...config, ...more }));
      await expect(openFeatures(own)).rejects.toMatchObject({
        code: "INVALID_FILE",
        message: expect.stringMatching(message),
      });
    }
    const network = await openFeatures(own, { reference: join(folder, "outside.npz") });
    expect(network.reference).toEqual(await readStatistics(join(folder, "outside.npz")));
    await network.close();
  });
});

describe("files of statistics", () => {
  it("come back as they were, and say whose features they are of", async () => {
    const path = join(folder, "statistics.npz");
    const statistics = featureStatistics(noise(3, 100 * 6), 6, "12".repeat(32));
    await writeStatistics(path, statistics);
    expect(await readStatistics(path)).toEqual(statistics);
    expect([...(await readNpz(path)).keys()]).toEqual(["mu", "sigma", "count", "network"]);
    await expect(readStatistics(path, { network: "34".repeat(32) })).rejects.toMatchObject({
      code: "MODEL_MISMATCH",
    });
    const others = { ...statistics, network: "34".repeat(32) };
    await expect(frechetDistance(statistics, others)).rejects.toMatchObject({ code: "MODEL_MISMATCH" });
  });

  it.each([
    [[1, 0, 0, -1], /sigma is no covariance: its diagonal has -1 at 1/],
    [[1, 0.5, 0.1, 1], /not symmetric at \[1, 0\]/],
    [[1, 3, 3, 1], /a correlation beyond 1 at \[1, 0\]/],
  ])("with a sigma of %j are refused", async (sigma, message) => {
    const path = join(folder, "sigma.npz");
    await writeNpz(path, {
      mu: { data: new Float64Array(2), shape: [2] },
      sigma: { data: Float64Array.from(sigma), shape: [2, 2] },
    });
    await expect(readStatistics(path)).rejects.toThrow(message);
  });

  it("of the bundled models name their network: those of one are refused for the other", async () => {
    const reference = join(digits, "..", "garments", "features.npz");
    await expect(openFeatures(digits, { reference })).rejects.toMatchObject({
      code: "MODEL_MISMATCH",
    });
  });

  it("of the field have mu and sigma only", async () => {
    const path = join(folder, "field.npz");
    const { mean, covariance } = featureStatistics(noise(4, 50 * 3), 3);
    await writeNpz(path, {
      mu: { data: Float32Array.from(mean), shape: [3] },
      sigma: { data: covariance, shape: [3, 3] },
    });
    expect(await readStatistics(path, { dimension: 3, network: "anything" })).toEqual({
      mean: Float64Array.from(Float32Array.from(mean)),
      covariance,
      count: 0,
    });
    await expect(readStatistics(path, { dimension: 4 })).rejects.toThrow(
      /of 3 features, the network gives 4/,
    );
  });

  it.each([
    [{ mu: { data: new Float64Array(2), shape: [2] } }, /expected the arrays mu and sigma, found mu/],
    [
      { mu: { data: new Float64Array(2), shape: [2] }, sigma: { data: new Float64Array(9), shape: [3, 3] } },
      /expected mu \[d\] and sigma \[d, d\], found \[2\] and \[3,3\]/,
    ],
    [
      {
        mu: { data: Float64Array.of(0), shape: [1] },
        sigma: { data: Float64Array.of(Number.NaN), shape: [1, 1] },
      },
      /not all finite/,
    ],
    [
      {
        mu: { data: BigInt64Array.of(0n), shape: [1] },
        sigma: { data: Float64Array.of(1), shape: [1, 1] },
      },
      /expected mu and sigma of float32 or float64/,
    ],
  ])("that are wrong are refused: %#", async (arrays, message) => {
    const path = join(folder, "bad.npz");
    await writeNpz(path, arrays as unknown as Parameters<typeof writeNpz>[1]);
    await expect(readStatistics(path)).rejects.toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringMatching(message),
    });
    await writeFile(path, "no zip");
    await expect(readStatistics(path)).rejects.toMatchObject({ code: "INVALID_FILE" });
  });
});
