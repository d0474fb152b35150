import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { loadModel } from "../../lib/denoiser/index.js";
import { sample } from "../../lib/engine/index.js";
import { readNpy } from "../../lib/io/index.js";
import { classAccuracy, openFeatures } from "../../lib/metrics/index.js";

const bundled = [
  { name: "digits", prediction: "edm-raw", process: "edm", noisiest: 80, heldOut: 1500 },
  { name: "garments", prediction: "epsilon", process: "vp-discrete", noisiest: 157.4, heldOut: 10_000 },
] as const;

describe.each(bundled)("the bundled model $name", ({ name, prediction, process, noisiest, heldOut }) => {
  const folder = fileURLToPath(new URL(`../../models/${name}`, import.meta.url));

  const load = async () => {
    const model = await loadModel(folder);
    onTestFinished(() => model.close());
    return model;
  };

  test("is what its page says, with and without its class", async () => {
    const model = await load();
    expect(model).toMatchObject({ name, prediction, shape: [1, 28, 28], nullClass: 10, valueRange: [-1, 1] });
    expect(model.classes).toHaveLength(10);
    expect(model.process.type).toBe(process);
    expect(model.process.at(model.process.tStart)).toSatisfy(
      ({ alpha, sigma }: { alpha: number; sigma: number }) => Math.abs(sigma / alpha / noisiest - 1) < 1e-3,
    );
    const level = model.process.at(0.8);
    const output = new Float32Array(3 * 784);
    await model.evaluate({
      rows: 3,
      input: new Float32Array(3 * 784).fill(0.1),
      output,
      levels: [level, level, level],
      labels: Int32Array.of(3, 10, 3),
    });
    const [three, none, again] = [0, 1, 2].map((row) => output.subarray(row * 784, (row + 1) * 784));
    expect(output.every(Number.isFinite)).toBe(true);
    expect(again).toEqual(three);
    expect(none).not.toEqual(three);
  });

  test("draws what it is asked for, as its own classifier sees it", async () => {
    const model = await load();
    const labels = Array.from({ length: 20 }, (_, i) => i % 10);
    const { data } = await sample(model, { labels, guidance: 2, steps: 8, seed: 1 });
    const network = await openFeatures(folder);
    onTestFinished(() => network.close());
    expect([network.dimension, network.reference?.count]).toEqual([64, heldOut]);
    const { logits } = await network.evaluate(data);
    expect(classAccuracy(logits!, network.classes!, labels).accuracy).toBeGreaterThanOrEqual(0.85);
  });

  test("has held-out images that its classifier knows", async () => {
    const images = await readNpy(`${folder}/heldout.npy`);
    const labels = await readNpy(`${folder}/heldout-labels.npy`);
    expect([images.shape, labels.shape]).toEqual([[1024, 28, 28], [1024]]);
    const network = await openFeatures(folder);
    onTestFinished(() => network.close());
    const { logits } = await network.evaluate(
      Float32Array.from({ length: 256 * 784 }, (_, i) => Number(images.data[i]) / 127.5 - 1),
    );
    const asked = Array.from({ length: 256 }, (_, i) => Number(labels.data[i]));
    expect(classAccuracy(logits!, network.classes!, asked).accuracy).toBeGreaterThan(0.88);
  });
});
