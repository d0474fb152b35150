import { describe, expect, it } from "vitest";
import { imagesInMemory } from "../../lib/calibrate/index.js";
import { rescaleToZeroTerminal } from "../../lib/denoiser/scheduler-config.js";
import { gaussianMixture, measureNoiseEnergy, measureRisk, sample } from "../../lib/index.js";
import { betaTable, type Process, scaledSigma, vpDiscrete } from "../../lib/process/index.js";

const tables: readonly (readonly [string, Process])[] = [
  ["linear", vpDiscrete()],
  ["squared cosine", vpDiscrete({ betas: "squaredcos_cap_v2" })],
  [
    "zero terminal SNR",
    vpDiscrete({ betas: rescaleToZeroTerminal([...betaTable("scaled_linear", 1000, 0.00085, 0.012)]) }),
  ],
];

describe.each(tables)("a table of timesteps, %s", (_, process) => {
  const cumulative = process.alphasCumulative!;

  it("is itself at every timestep, also beyond where sampling starts", () => {
    for (let n = 0; n < 1000; n++) {
      const { alpha, modelTime, lambda } = process.at((n + 1) / 1000);
      expect(alpha / Math.sqrt(cumulative[n]!)).toBeCloseTo(1, 10);
      expect(modelTime).toBeCloseTo(n, 9);
      expect(process.atLambda(lambda).modelTime).toBeCloseTo(n, 5);
    }
  });

  it("is left by no churn", async () => {
    const times: number[] = [];
    const mixture = gaussianMixture({ shape: [1], weights: [1], means: [[0]], stds: [0.5], process });
    const watched: typeof mixture = {
      ...mixture,
      evaluate(call) {
        times.push(...call.levels.map(({ modelTime }) => modelTime));
        return mixture.evaluate(call);
      },
    };
    await sample(watched, { solver: { name: "edm-heun", churn: 40 }, steps: 18, count: 1 });
    expect(times.length).toBeGreaterThan(30);
    const most = process.at(process.tStart).modelTime;
    expect(Math.max(...times)).toBeLessThanOrEqual(most + 1e-9);
    // Churn there is: some evaluations lie above the grid's own levels.
    expect(times.some((time, i) => i > 0 && time > times[i - 1]!)).toBe(true);
  });
});

it("a network of integer times is measured at the levels of its timesteps", async () => {
  const process = vpDiscrete();
  const model = {
    ...gaussianMixture({ shape: [2], weights: [1], means: [[0, 0]], stds: [0.5], process }),
    integerTimes: true,
  };
  const levels = new Set(Array.from({ length: 1000 }, (_, n) => scaledSigma(process.at((n + 1) / 1000))));
  const data = new Float64Array(64).map((_, i) => Math.sin(i));
  const energy = await measureNoiseEnergy(model, { data });
  const risk = await measureRisk(model, imagesInMemory(data, 2, "32 points"), { levels: 128 });
  for (const sigma of [energy.sigma!, risk.sigma!]) {
    expect(sigma.length).toBeGreaterThan(50);
    expect(new Set(sigma).size).toBe(sigma.length);
    for (const each of sigma) expect(levels).toContain(each);
  }
});
