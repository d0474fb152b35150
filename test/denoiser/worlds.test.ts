import { describe, expect, test } from "vitest";
import {
  gaussianMixture,
  logDensity,
  type MixtureWorld,
  sampleMixture,
  worlds,
} from "../../lib/denoiser/index.js";
import { mixtureFromConfig } from "../../lib/denoiser/mixture-config.js";
import { normals } from "./mixture-support.js";

describe("worlds", () => {
  test("samples have the mixture's mean and variance", () => {
    for (const [name, world] of Object.entries(worlds)) {
      const size = world.shape[0]!;
      const total = Array.from(world.weights).reduce((a, b) => a + b, 0);
      const mean = world.means.reduce((sum, m, k) => sum + (world.weights[k]! / total) * m[0]!, 0);
      const variance = world.means.reduce(
        (sum, m, k) => sum + (world.weights[k]! / total) * ((m[0]! - mean) ** 2 + world.stds![k]! ** 2),
        0,
      );
      const samples = sampleMixture(world, 20_000, normals(7)).filter((_, i) => i % size === 0);
      const sampleMean = samples.reduce((a, b) => a + b, 0) / samples.length;
      const sampleVariance = samples.reduce((a, b) => a + (b - sampleMean) ** 2, 0) / samples.length;
      expect(Math.abs(sampleMean - mean), name).toBeLessThan(0.05 * Math.sqrt(variance));
      expect(Math.abs(sampleVariance / variance - 1), name).toBeLessThan(0.05);
    }
  });

  test("one-dimensional worlds have mean 0 and variance 1", () => {
    for (const name of ["discrete5", "discrete15", "continuous5", "continuous15"]) {
      const { weights, means, stds } = worlds[name]!;
      const moment = (power: number) => means.reduce((sum, m, k) => sum + weights[k]! * m[0]! ** power, 0);
      expect(moment(1)).toBeCloseTo(0, 12);
      expect(moment(2) + stds![0]! ** 2).toBeCloseTo(1, 12);
      expect(means).toHaveLength(Number(/\d+/.exec(name)![0]));
    }
  });

  test("a single Gaussian's log-density", () => {
    const world: MixtureWorld = { weights: [3], means: [[1, 2]], stds: [2], shape: [2] };
    expect(logDensity(world, Float64Array.of(3, 2))[0]).toBeCloseTo(-Math.log(2 * Math.PI * 4) - 0.5, 14);
    expect(logDensity(world, Float64Array.of(1, 2), { alpha: 1, sigma: 1 })[0]).toBeCloseTo(
      -Math.log(2 * Math.PI * 5),
      14,
    );
  });

  test("points have no density", () => {
    expect(() => logDensity(worlds.discrete5!, Float64Array.of(0))).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where: "level" }),
    );
  });
});

describe("bad worlds", () => {
  const good: MixtureWorld = {
    weights: [1, 1],
    means: [
      [0, 0],
      [1, 1],
    ],
    stds: [1, 1],
    shape: [2],
  };
  const { stds: _, ...open } = good;
  const cases: [what: string, world: MixtureWorld, where: string][] = [
    ["a negative weight", { ...good, weights: [1, -1] }, "weights[1]"],
    ["a weight too few", { ...good, weights: [1] }, "weights"],
    ["a shape that would fill the memory", { ...good, shape: [2 ** 40] }, "means[0]"],
    ["a mean of the wrong size", { ...good, means: [[0, 0], [1]] }, "means[1]"],
    [
      "a mean that is not finite",
      {
        ...good,
        means: [
          [0, 0],
          [1, Infinity],
        ],
      },
      "means[1]",
    ],
    ["a negative deviation", { ...good, stds: [1, -1] }, "stds[1]"],
    ["no spread at all", open, "stds"],
    ["two spreads", { ...good, covariances: [] }, "stds"],
    ["a covariance of the wrong size", { ...open, covariances: [[1], [1]] }, "covariances[0]"],
    [
      "a covariance that is not symmetric",
      {
        ...open,
        covariances: [
          [1, 0, 0, 1],
          [1, 0.5, 0, 1],
        ],
      },
      "covariances[1]",
    ],
    [
      "a covariance that is not positive",
      {
        ...open,
        covariances: [
          [1, 2, 2, 1],
          [1, 0, 0, 1],
        ],
      },
      "covariances[0]",
    ],
    ["an empty shape", { ...good, shape: [] }, "shape"],
    ["no components", { ...good, weights: [], means: [], stds: [] }, "means"],
  ];
  test.each(cases)("%s", (_, world, where) => {
    expect(() => gaussianMixture(world)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where }),
    );
  });
});

test.each([
  ["weights", [1]],
  ["means", [[0]]],
  ["stds", [1]],
  ["covariances", [[1]]],
  ["shape", [1]],
])("%s beside a world by name", (member, own) => {
  const mixture = { format: "quench-mixture", version: 1, world: "circle8", [member]: own } as const;
  expect(() => mixtureFromConfig(mixture)).toThrow(
    expect.objectContaining({ code: "INVALID_ARGUMENT", where: member }),
  );
});
