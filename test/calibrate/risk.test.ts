import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imagesInMemory, measureRisk, selfSource } from "../../lib/calibrate/index.js";
import { planOf } from "../../lib/calibrate/risk-plan.js";
import type { Batch } from "../../lib/denoiser/index.js";
import {
  continuous5,
  type Denoiser,
  functionDenoiser,
  gaussianMixture,
  sampleMixture,
} from "../../lib/denoiser/index.js";
import { normals } from "../../lib/native/index.js";
import { edm, vpDiscrete, vpLinear } from "../../lib/process/index.js";

/** Standard normals of a recorded seed. */
function normalSource(seed: bigint) {
  let draw = 0;
  return (out: Float64Array) =>
    normals(out, BigUint64Array.of(seed), BigUint64Array.of(0n), 7, out.length * draw++);
}

const size = continuous5.means[0]!.length;
const data = sampleMixture(continuous5, 4000, normalSource(11n));
const images = imagesInMemory(data, size, "samples of the mixture");

/** E² = 𝔼 x_0² − 𝔼 m(x)² of continuous5 by the trapezoid rule over x = x_0 + σ ε. */
function exactRisk(sigma: number): number {
  const means = continuous5.means.map((mean) => mean[0]!);
  const variance = (continuous5.stds as number[])[0]! ** 2;
  const v = variance + sigma * sigma;
  const [step, reach] = [Math.sqrt(v) / 40, 4 + 9 * sigma];
  let [square, modelSquare] = [0, 0];
  for (let x = -reach; x <= reach; x += step) {
    const densities = means.map((m) => Math.exp(-((x - m) ** 2) / (2 * v)) / Math.sqrt(2 * Math.PI * v) / 5);
    const density = densities.reduce((a, b) => a + b, 0);
    if (density === 0) continue;
    const m =
      means.reduce((sum, mean, k) => sum + densities[k]! * (mean + (variance / v) * (x - mean)), 0) / density;
    modelSquare += density * m * m * step;
  }
  for (const m of means) square += (m * m + variance) / 5;
  return square - modelSquare;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quench-risk-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a world with known truth", () => {
  it.each([
    ["edm", edm({ sigmaMin: 0.01, sigmaMax: 40 })],
    ["vp-linear", vpLinear()],
  ] as const)("%s: the risk is within 3 standard errors", async (_, process) => {
    const model = gaussianMixture({ ...continuous5, process });
    const artifact = await measureRisk(model, images, { levels: 24, seed: 5n });
    const gaps = artifact.sigma.map((sigma, i) => {
      return (artifact.risk[i]! - exactRisk(sigma)) / artifact.standardError![i]!;
    });
    expect(Math.max(...gaps.map(Math.abs))).toBeLessThan(3);
    // The errors are no larger than they need to be.
    const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + gap * gap, 0) / gaps.length);
    expect(spread).toBeGreaterThan(0.4);
    expect(artifact.dataVariance).toBeCloseTo(1, 1);
  });
});

describe("a measurement", () => {
  const model = gaussianMixture({ ...continuous5, process: edm({ sigmaMin: 0.01, sigmaMax: 40 }) });
  const options = { levels: 12, images: 300, seed: 3n };

  it("takes the seed as a number too, and refuses what is none", async () => {
    const model = gaussianMixture({ ...continuous5, process: edm() });
    const few = { levels: 3, images: 20 };
    const measured = await measureRisk(model, images, { ...few, seed: 5n });
    expect(await measureRisk(model, images, { ...few, seed: 5 })).toEqual(measured);
    for (const seed of [1.5, -1, 2n ** 64n]) {
      await expect(measureRisk(model, images, { ...few, seed })).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
        where: "seed",
      });
      expect(() => selfSource(model, { count: 2, seed })).toThrow(expect.objectContaining({ where: "seed" }));
    }
    expect(() => selfSource(model, { count: 1.5 })).toThrow(expect.objectContaining({ where: "count" }));
    expect(() => selfSource(model, { count: 1, labels: [] })).toThrow(
      expect.objectContaining({ where: "labels" }),
    );
    const [drawn, same] = [
      selfSource(model, { count: 2, seed: 3n }),
      selfSource(model, { count: 2, seed: 3 }),
    ];
    expect(await same.read(0, 2)).toEqual(await drawn.read(0, 2));
  });

  it.each([
    ["sigmaMin", { sigmaMin: 1e-9 }],
    ["sigmaMax", { sigmaMax: 1e6 }],
  ])("refuses %s beyond a table of timesteps, before any model call", async (where, range) => {
    const untrained = functionDenoiser({
      ...{ process: vpDiscrete(), prediction: "epsilon", shape: [1] },
      evaluate: () => {
        throw new Error("called");
      },
    });
    await expect(measureRisk(untrained, images, range)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where,
      message: expect.stringContaining("a level of the model's 1000 timesteps"),
    });
  });

  it("does not depend on the batch, and does on the seed", async () => {
    const whole = await measureRisk(model, images, options);
    expect(await measureRisk(model, images, { ...options, batch: 7 })).toEqual(whole);
    expect((await measureRisk(model, images, { ...options, seed: 4n })).risk).not.toEqual(whole.risk);
  });

  it("goes on where it was stopped, to the same bits", async () => {
    const whole = await measureRisk(model, images, options);
    const checkpoint = join(folder, "checkpoint.json");
    let slow = 0;
    let calls = 0;
    // Late enough in real time for a checkpoint: each call waits.
    const waiting: Denoiser = {
      ...model,
      async evaluate(batch) {
        calls++;
        await new Promise((resolve) => setTimeout(resolve, slow));
        await model.evaluate(batch);
      },
    };
    slow = 60;
    const controller = new AbortController();
    const stopped = measureRisk(waiting, images, {
      ...options,
      batch: 16,
      checkpoint,
      signal: controller.signal,
      onProgress: (done) => done >= 16 * 45 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
    expect(JSON.parse(await readFile(checkpoint, "utf8"))).toMatchObject({ kind: "checkpoint" });
    [slow, calls] = [0, 0];
    const resumed = await measureRisk(waiting, images, { ...options, batch: 16, checkpoint });
    expect(resumed).toEqual(whole);
    expect(calls).toBeLessThan(12 * Math.ceil(300 / 16) - 20);
    await expect(readFile(checkpoint)).rejects.toThrow("ENOENT");
  });

  it("does not take up sums of another measurement", async () => {
    const checkpoint = join(folder, "other.json");
    const whole = await measureRisk(model, images, options);
    const { emptySums } = await import("../../lib/calibrate/risk-sums.js");
    const { saveCheckpoint } = await import("../../lib/calibrate/checkpoint.js");
    await saveCheckpoint(checkpoint, "something else", {
      ...emptySums(12, 1, undefined),
      images: Array(12).fill(300),
    });
    expect(await measureRisk(model, images, { ...options, checkpoint })).toEqual(whole);
  });

  it("does not take up sums of fewer levels, which somebody has edited", async () => {
    const checkpoint = join(folder, "edited.json");
    const whole = await measureRisk(model, images, options);
    const { emptySums } = await import("../../lib/calibrate/risk-sums.js");
    const { saveCheckpoint } = await import("../../lib/calibrate/checkpoint.js");
    const { identity } = planOf(model, images, options);
    await saveCheckpoint(checkpoint, identity, emptySums(11, 1, undefined));
    expect(await measureRisk(model, images, { ...options, checkpoint })).toEqual(whole);
  });

  it("does not take up sums of other classes, other samples of its own, or other images in memory", async () => {
    const classed: Denoiser = { ...model, classes: ["a", "b"], nullClass: 2 };
    const few = { count: 40, request: { solver: "ddim", steps: 2 } };
    const pairs = [
      [
        images,
        imagesInMemory(
          data.map((x) => x / 2),
          size,
          images.description,
        ),
      ],
      [selfSource(model, few), selfSource(model, { ...few, request: { ...few.request, grid: "log-snr" } })],
      [selfSource(classed, { ...few, labels: 0 }), selfSource(classed, { ...few, labels: 1 })],
      [
        { ...images, labels: new Int32Array(4000) },
        { ...images, labels: new Int32Array(4000).fill(1) },
      ],
    ] as const;
    const identities = pairs.map((pair) =>
      pair.map(
        (source) => planOf(source.labels ? classed : model, source, { ...options, images: 40 }).identity,
      ),
    );
    for (const [one, other] of identities) expect(other).not.toBe(one);
  });

  it("takes no memory for rows of a batch that there are no images for", async () => {
    const few = { ...options, images: 20 };
    expect(await measureRisk(model, images, { ...few, batch: 1e12 })).toEqual(
      await measureRisk(model, images, few),
    );
  });

  it("on the model's own samples comes near the one on data", async () => {
    const own = selfSource(model, { count: 2000, request: { solver: "edm-heun", steps: 40, grid: "edm" } });
    const artifact = await measureRisk(model, own, { levels: 8, batch: 2000 });
    expect(artifact.data).toMatch(/^self: 2000 samples .* edm-heun/);
    artifact.risk.forEach((risk, i) => {
      expect(Math.abs(risk - exactRisk(artifact.sigma[i]!))).toBeLessThan(
        4 * artifact.standardError![i]! + 0.01,
      );
    });
  });

  it("on the model's own samples has other noise than they were drawn from", async () => {
    const gaussian = gaussianMixture({
      shape: [64],
      weights: [1],
      means: [new Array(64).fill(0)],
      stds: [0.5],
    });
    const artifact = await measureRisk(gaussian, selfSource(gaussian, { count: 1000 }), {
      ...{ levels: 4, sigmaMin: 0.2, batch: 1000 },
    });
    artifact.sigma.forEach((sigma, i) => {
      const exact = (64 * 0.25 * sigma ** 2) / (0.25 + sigma ** 2);
      expect(Math.abs(artifact.risk[i]! - exact)).toBeLessThan(4 * artifact.standardError![i]!);
    });
  });

  it.each([
    [{ images: 0 }, "images"],
    [{ images: 5000 }, "images"],
    [{ levels: 1 }, "levels"],
    [{ sigmaMin: 3, sigmaMax: 2 }, "sigmaMin"],
    [{ batch: 0 }, "batch"],
    [{ guidance: 2 }, "guidance"],
    [{ spectral: true }, "spectral"],
  ])("refuses %j before any call", async (wrong, where) => {
    let calls = 0;
    const counting = { ...model, evaluate: async () => void calls++ };
    await expect(measureRisk(counting, images, wrong)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where,
    });
    expect(calls).toBe(0);
  });
});

describe("classes and guidance", () => {
  // Predicts its class's value; without a class, 0.
  const values = [-1, 1];
  const model = functionDenoiser({
    process: edm(),
    prediction: "sample",
    shape: [1],
    classes: ["minus", "plus"],
    nullClass: 2,
    evaluate: ({ rows, labels }) => Array.from({ length: rows }, (_, i) => values[labels![i]!] ?? 0),
  });
  const clean = Float64Array.of(-1, 1, 1, -1);
  const labels = Int32Array.of(0, 1, 1, 0);

  it("labels of the images, the null class without them, and guidance", async () => {
    const labelled = imagesInMemory(clean, 1, "four", labels);
    expect((await measureRisk(model, labelled, { levels: 2 })).risk).toEqual([0, 0]);
    expect((await measureRisk(model, imagesInMemory(clean, 1, "four"), { levels: 2 })).risk).toEqual([1, 1]);
    const guided = await measureRisk(model, labelled, { levels: 2, guidance: 3 });
    expect(guided.risk).toEqual([4, 4]);
    expect(guided.settings).toMatchObject({ guidance: 3, labels: "of the images" });
  });

  it("a guidance of 1 asks the model for one row a sample, as sampling does", async () => {
    let rows = 0;
    const counting = {
      ...model,
      evaluate: (batch: Batch) => {
        rows += batch.rows;
        return model.evaluate(batch);
      },
    };
    const labelled = imagesInMemory(clean, 1, "four", labels);
    const { settings } = await measureRisk(counting, labelled, { levels: 2, guidance: 1 });
    expect(rows).toBe(2 * clean.length);
    expect(settings).not.toHaveProperty("guidance");
  });

  it("refuses a class that is not there", async () => {
    const wrong = imagesInMemory(clean, 1, "four", Int32Array.of(0, 1, 5, 0));
    await expect(measureRisk(model, wrong)).rejects.toMatchObject({ where: "labels" });
  });
});
