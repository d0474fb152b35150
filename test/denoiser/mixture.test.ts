import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  circle8,
  gaussianMixture,
  logDensity,
  type MixtureOptions,
  type MixtureWorld,
  sampleMixture,
} from "../../lib/denoiser/index.js";
import {
  edm,
  flow,
  level,
  type Prediction,
  type Process,
  toData,
  toNoise,
  vpDiscrete,
  vpLinear,
} from "../../lib/process/index.js";
import { drawn, largestGap, normals, run } from "./mixture-support.js";

interface Golden {
  readonly world: {
    readonly weights: number[];
    readonly means: number[][];
    readonly stds: number[];
    readonly shape: number[];
  };
  readonly cases: {
    readonly id: string;
    readonly schedule: { alpha_end: number; sigma_end: number };
    readonly x_0: number[];
  }[];
}
const golden = JSON.parse(
  readFileSync(new URL("../golden/ode-truth.worldA.json", import.meta.url), "utf8"),
) as Golden;
const { weights, means, stds, shape } = golden.world;
const worldA: MixtureWorld = { weights, means, stds, shape };

const emitted = ["sample", "epsilon", "v", "flow-velocity", "score"] as const;

describe("against golden numbers", () => {
  const ends = golden.cases.filter(({ id }) => id.includes("-t_end-"));
  test.each(ends.map((record) => [record.id, record] as const))(
    "%s: D of the end state",
    async (id, record) => {
      const denoised = golden.cases.find((other) => other.id === id.replace("-t_end-", "-denoised-"))!;
      const { alpha_end: alpha, sigma_end: sigma } = record.schedule;
      const at = level(0, 0, alpha, sigma);
      const output = await run(worldA, Float64Array.from(record.x_0), [at, at]);
      expect(largestGap(output, denoised.x_0)).toBeLessThan(1e-12);
    },
  );
});

describe("predictions", () => {
  const processes: [string, Process][] = [
    ["edm", edm()],
    ["vp-linear", vpLinear()],
    ["vp-discrete", vpDiscrete()],
    ["flow", flow()],
  ];
  test.each(processes)("on %s every prediction converts to the same data and noise", async (_, process) => {
    for (const fraction of [0.02, 0.3, 0.9]) {
      const at = process.at(process.tEnd + fraction * (process.tStart - process.tEnd));
      const x = drawn(48).map((value) => value * at.sigma);
      const [data, noise] = await Promise.all([
        run({ ...worldA, process, prediction: "sample" }, x, [at]),
        run({ ...worldA, process, prediction: "epsilon" }, x, [at]),
      ]);
      for (const prediction of emitted) {
        const output = await run({ ...worldA, process, prediction }, x, [at]);
        const convert = ({ x: a, output: b }: { x: number; output: number }) =>
          output.map((value, i) => a * x[i]! + b * value);
        const scale = 1 + at.sigma / at.alpha;
        expect(largestGap(convert(toData(prediction, at, process)), data)).toBeLessThan(1e-11 * scale);
        expect(largestGap(convert(toNoise(prediction, at, process)), noise)).toBeLessThan(
          1e-11 * (1 + at.alpha / at.sigma),
        );
      }
    }
  });

  test("the score is the gradient of the log-density", async () => {
    const at = vpLinear().at(0.4);
    const x = drawn(2, 5);
    const score = await run({ ...circle8, prediction: "score" }, x, [at]);
    for (const axis of [0, 1]) {
      const step = 1e-5;
      const shifted = (by: number) =>
        logDensity(
          circle8,
          x.map((value, i) => (i === axis ? value + by : value)),
          at,
        )[0]!;
      expect(score[axis]).toBeCloseTo((shifted(step) - shifted(-step)) / (2 * step), 6);
    }
  });

  test("raw networks are refused", () => {
    const prediction = "edm-raw" as Exclude<Prediction, "edm-raw">;
    expect(() => gaussianMixture({ ...circle8, prediction })).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where: "prediction" }),
    );
  });
});

describe("rows", () => {
  test("a row has the same bits alone and in any batch", async () => {
    const process = edm();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0.002, max: 80, noNaN: true }), { minLength: 2, maxLength: 6 }),
        async (sigmas) => {
          const levels = sigmas.map(process.at);
          const x = drawn(48 * sigmas.length, sigmas.length);
          const together = await run({ ...worldA, prediction: "epsilon" }, x, levels);
          for (const [row, at] of levels.entries()) {
            const alone = await run({ ...worldA, prediction: "epsilon" }, x.slice(row * 48, row * 48 + 48), [
              at,
            ]);
            expect(alone).toEqual(together.slice(row * 48, row * 48 + 48));
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  test("float32 vectors hold the rounded float64 result", async () => {
    const at = edm().at(1.5);
    const x = new Float32Array(drawn(48));
    const output = new Float32Array(48);
    await gaussianMixture(worldA).evaluate({ rows: 1, input: x, output, levels: [at], labels: undefined });
    expect(output).toEqual(new Float32Array(await run(worldA, Float64Array.from(x), [at])));
  });

  test("a NaN stays in its row, far-off states stay finite", async () => {
    const at = edm().at(0.01);
    const x = Float64Array.of(Number.NaN, 0, 1e6, -1e6);
    const output = await run(circle8, x, [at, at]);
    expect(Number.isNaN(output[0])).toBe(true);
    expect(output.slice(2).every(Number.isFinite)).toBe(true);
  });
});

describe("full covariances", () => {
  const isotropic: MixtureWorld = {
    weights: [1, 2],
    means: [
      [0, 1, 2],
      [2, -1, 0],
    ],
    stds: [0.3, 0.7],
    shape: [3],
  };
  const diagonal = (variance: number) => [variance, 0, 0, 0, variance, 0, 0, 0, variance];
  const { stds: _, ...rest } = isotropic;
  const same: MixtureWorld = { ...rest, covariances: [diagonal(0.09), diagonal(0.49)] };

  test("multiples of the identity agree with standard deviations", async () => {
    for (const prediction of emitted) {
      const levels = [vpLinear().at(0.1), vpLinear().at(0.8)];
      const x = drawn(6);
      expect(
        largestGap(
          await run({ ...isotropic, prediction }, x, levels),
          await run({ ...same, prediction }, x, levels),
        ),
      ).toBeLessThan(1e-12);
    }
    const x = drawn(9);
    expect(largestGap(logDensity(isotropic, x), logDensity(same, x))).toBeLessThan(1e-12);
  });

  test("one correlated Gaussian has D = μ + α Σ (α² Σ + σ²)⁻¹ (x − α μ)", async () => {
    // Σ = [[2, 1], [1, 2]], α = 1, σ = 1: Σ (Σ + 1)⁻¹ = [[5, 1], [1, 5]] / 8.
    const world: MixtureWorld = { weights: [1], means: [[1, -1]], covariances: [[2, 1, 1, 2]], shape: [2] };
    const output = await run(world, Float64Array.of(3, 4), [edm().at(1)]);
    expect(output[0]).toBeCloseTo(1 + (5 * 2 + 5) / 8, 13);
    expect(output[1]).toBeCloseTo(-1 + (2 + 5 * 5) / 8, 13);
  });

  test("samples have the covariance asked for", () => {
    const world: MixtureWorld = { weights: [1], means: [[1, -1]], covariances: [[2, 1, 1, 2]], shape: [2] };
    const rows = 20_000;
    const samples = sampleMixture(world, rows, normals(3));
    let product = 0;
    let square = 0;
    for (let row = 0; row < rows; row++) {
      product += (samples[2 * row]! - 1) * (samples[2 * row + 1]! + 1);
      square += (samples[2 * row]! - 1) ** 2;
    }
    expect(product / rows).toBeCloseTo(1, 1);
    expect(square / rows).toBeCloseTo(2, 1);
  });
});

describe("conditioned on the model's time", () => {
  test.each<[string, Process]>([
    ["edm", edm()],
    ["edm told ln(sigma)/4", edm({ modelTime: "c-noise" })],
    ["vp-linear told t × 999", vpLinear({ timeScale: 999 })],
    ["flow told t × 1000", flow({ timeScale: 1000 })],
    ["vp-discrete", vpDiscrete()],
  ])("%s: the level is found again", async (_, process) => {
    for (const fraction of [0, 0.137, 0.5, 1]) {
      const at = process.at(process.tEnd + fraction * (process.tStart - process.tEnd));
      const x = drawn(48);
      const byLevel = await run({ ...worldA, process }, x, [at]);
      const byTime = await run({ ...worldA, process, conditionOn: "time" }, x, [at]);
      expect(largestGap(byLevel, byTime)).toBeLessThan(1e-9);
    }
  });

  test("an integer time of a discrete process reads its table, whatever the level says", async () => {
    const process = vpDiscrete();
    const squared = process.alphasCumulative![700]!;
    const x = drawn(48);
    const wrong = level(0.2, 700, 0.9, 0.1);
    const right = level(0.7, 700, Math.sqrt(squared), Math.sqrt(1 - squared));
    expect(await run({ ...worldA, process, conditionOn: "time" }, x, [wrong])).toEqual(
      await run({ ...worldA, process }, x, [right]),
    );
  });
});

describe("clean data", () => {
  test("at σ = 0 the data prediction is x/α and the noise prediction 0", async () => {
    const { clean } = edm();
    const x = drawn(4);
    expect(largestGap(await run(circle8, x, [clean, clean]), x)).toBeLessThan(1e-14);
    expect(
      Array.from(await run({ ...circle8, prediction: "epsilon" }, x, [clean, clean])).every(
        (value) => Math.abs(value) === 0,
      ),
    ).toBe(true);
  });

  test("a point mixture takes the nearest point at σ = 0", async () => {
    const world: MixtureWorld = { weights: [1, 1], means: [[-1], [1]], stds: [0, 0], shape: [1] };
    expect(Array.from(await run(world, Float64Array.of(0.2), [edm().clean]))).toEqual([1]);
  });
});

describe("bad options are named", () => {
  const whole = { weights: [1], means: [[0]], stds: [1], shape: [1] };
  test.each<[string, unknown, string, string]>([
    ["nothing", undefined, "INVALID_ARGUMENT", "options"],
    ["no member", {}, "INVALID_ARGUMENT", "shape"],
    ["no means", { ...whole, means: undefined }, "INVALID_ARGUMENT", "means"],
    ["a mean that is a number", { ...whole, means: [0] }, "INVALID_ARGUMENT", "means"],
    ["no weights", { ...whole, weights: undefined }, "INVALID_ARGUMENT", "weights"],
    ["one standard deviation for all", { ...whole, stds: 1 }, "INVALID_ARGUMENT", "stds"],
    ["a matrix alone", { ...whole, stds: undefined, covariances: [1] }, "INVALID_ARGUMENT", "covariances"],
    ["a process by name", { ...whole, process: "edm" }, "INVALID_ARGUMENT", "process"],
    ["a prediction that is none", { ...whole, prediction: "eps" }, "UNKNOWN_NAME", "prediction"],
    ["a conditioning that is none", { ...whole, conditionOn: "t" }, "UNKNOWN_NAME", "conditionOn"],
    ["a misspelt option", { ...whole, procces: edm() }, "UNKNOWN_NAME", "options"],
  ])("%s", (_, options, code, where) => {
    expect(() => gaussianMixture(options as MixtureOptions)).toThrow(
      expect.objectContaining({ name: "QuenchError", code, where }),
    );
  });
});
