import { describe, expect, it } from "vitest";
import { functionDenoiser, gaussianMixture, measureNoiseEnergy, sampleMixture } from "../../lib/index.js";
import { normals } from "../../lib/native/index.js";
import { vpDiscrete, vpLinear } from "../../lib/process/index.js";

const deviation = 0.6;
const world = { shape: [16], weights: [1], means: [new Array<number>(16).fill(0.3)], stds: [deviation] };
const process = vpLinear();
let row = 0n;
const data = sampleMixture(world, 3000, (out) =>
  normals(out, new BigUint64Array([3n]), new BigUint64Array([row++]), 0),
);

it("measures the noise energy of Gaussian data, whatever the model emits", async () => {
  // ε̂ = σ (x − α μ)/(α² s² + σ²), so Γ = σ̃²/(s² + σ̃²).
  const sigmas = [0.05, 0.3, 1, 4];
  for (const prediction of ["epsilon", "sample", "v"] as const) {
    const model = gaussianMixture({ ...world, process, prediction });
    const { sigma, gamma } = await measureNoiseEnergy(model, { data, sigmas, batch: 700 });
    expect(sigma).toHaveLength(sigmas.length);
    sigmas.forEach((s, i) => {
      const truth = (s * s) / (deviation ** 2 + s * s);
      // A mean of 48,000 squares of normals: relative standard error √(2/48,000) = 0.65%; 4.5 of them.
      expect(Math.abs(gamma[i]! / truth - 1)).toBeLessThan(4.5 * Math.sqrt(2 / 48_000));
    });
  }
});

describe("refuses, before any model call,", () => {
  const rows = data.subarray(0, 16 * 8);
  const classes = ["a", "b"];
  const three = Int32Array.of(0, 1, 2);

  it.each<[string, Record<string, unknown>, object, string, RegExp]>([
    ["data that are no rows of the model", { data: new Float64Array(15) }, {}, "data", /rows of 16/],
    ["no data", { data: new Float64Array(0) }, {}, "data", /rows of 16/],
    ["lists", { data: [...rows] }, {}, "data", /Float64Array, received an array/],
    [
      "data that are not finite",
      { data: rows.map((x, i) => (i === 17 ? Number.NaN : x)) },
      {},
      "data",
      /NaN in row 1/,
    ],
    ["no repeats", { repeats: 0 }, {}, "repeats", /≥ 1, received 0/],
    ["half a repeat", { repeats: 1.5 }, {}, "repeats", /≥ 1, received 1\.5/],
    ["no batch", { batch: 0 }, {}, "batch", /≥ 1, received 0/],
    ["half a batch", { batch: 2.5 }, {}, "batch", /≥ 1, received 2\.5/],
    ["a batch below zero", { batch: -1 }, {}, "batch", /≥ 1, received -1/],
    ["no levels", { sigmas: [] }, {}, "sigmas", /at least one/],
    ["a level twice", { sigmas: [1, 0.5, 1] }, {}, "sigmas", /every noise level once/],
    ["a level below zero", { sigmas: [1, -1] }, {}, "sigmas[1]", /above 0, received -1/],
    [
      "a level that no timestep has",
      { sigmas: [1, 1e6] },
      { process: vpDiscrete() },
      "sigmas[1]",
      /a level of the model's 1000 timesteps/,
    ],
    ["a fractional seed", { seed: 1.5 }, {}, "seed", /integer from 0 .*received 1\.5/],
    ["a negative seed", { seed: -1n }, {}, "seed", /received -1/],
    ["a seed beyond 2^64", { seed: 2n ** 64n }, {}, "seed", /received 18446744073709551616/],
    [
      "labels of a model without classes",
      { labels: new Int32Array(8) },
      {},
      "labels",
      /not class-conditional/,
    ],
    ["fewer labels than rows", { labels: three }, { classes }, "labels", /expected 8 labels.*received 3/],
    [
      "labels in a list",
      { labels: new Array(8).fill(0) },
      { classes },
      "labels",
      /Int32Array, received an array/,
    ],
    [
      "labels beyond the classes",
      { data: rows.subarray(0, 48), labels: three },
      { classes },
      "labels",
      /from 0 to 1, received 2 for sample 2/,
    ],
    ["no labels of a model without a null class", {}, { classes }, "labels", /has no null class/],
  ])("%s", async (_, options, more, where, message) => {
    let calls = 0;
    const world = functionDenoiser({
      ...{ shape: [16], process, prediction: "epsilon" as const },
      ...more,
      evaluate: ({ rows }) => {
        calls++;
        return new Float64Array(rows * 16);
      },
    });
    const measured = measureNoiseEnergy(world, { data: rows, ...options });
    await expect(measured).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where });
    await expect(measured).rejects.toThrow(message);
    expect(calls).toBe(0);
  });
});

it("takes the seed as a number too, and batches beyond the data", async () => {
  const model = gaussianMixture({ ...world, process });
  const few = { data: data.subarray(0, 160), sigmas: [0.3, 1] };
  const measured = await measureNoiseEnergy(model, { ...few, seed: 5n });
  expect(await measureNoiseEnergy(model, { ...few, seed: 5, batch: 2 ** 40 })).toEqual(measured);
  expect(await measureNoiseEnergy(model, { ...few, seed: 6 })).not.toEqual(measured);
});

it("asks a class-conditional model for its null class where no labels are given", async () => {
  const seen = new Set<number | undefined>();
  const model = functionDenoiser({
    ...{ shape: [16], process, prediction: "epsilon", classes: ["a", "b"], nullClass: 2 },
    evaluate: ({ labels, rows }) => {
      for (let row = 0; row < rows; row++) seen.add(labels?.[row]);
      return new Float64Array(rows * 16);
    },
  });
  await measureNoiseEnergy(model, { data: data.subarray(0, 160), sigmas: [1] });
  expect([...seen]).toEqual([2]);
});
