import { describe, expect, it } from "vitest";
import { gaussianMixture, sample, solvers, worlds } from "../../lib/index.js";
import { edm, type Level, type Process, vpLinear } from "../../lib/process/index.js";
import { stepRatios } from "../../lib/solver/reduced-entropy/step-ratio.js";
import { float64 } from "./evodiff/arithmetic.js";
import { literalPaper } from "./evodiff/literal.js";
import { play, script } from "./evodiff/scripted.js";

type Options = Record<string, unknown> & { readonly name: string };

async function draw(solver: Options, steps = 12, process: Process = vpLinear()): Promise<Float64Array> {
  const denoiser = gaussianMixture({ ...worlds.circle8!, process });
  const { data } = await sample(denoiser, { solver, steps, count: 3, seed: 7, dtype: "float64" });
  return data as Float64Array;
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

describe("single-step RE", () => {
  it("is registered with its options", () => {
    expect([...solvers.keys()]).toEqual(expect.arrayContaining(["re-2s", "re-3s", "re-multi-step"]));
  });

  it.each([2, 3])("by the constant pair is DPM-Solver-%d, and so are r = 2, gamma = 0", async (order) => {
    for (const prediction of ["noise", "data"] as const) {
      const plain = prediction === "noise" ? "dpm-solver" : "dpm-solver++";
      const expected = await draw({ name: `${plain}-${order}s` });
      const name = `re-${order}s`;
      expect(distance(await draw({ name, prediction, pair: "constant" }), expected)).toBeLessThan(1e-11);
      expect(distance(await draw({ name, prediction, r: 2, gamma: 0 }), expected)).toBeLessThan(1e-11);
      expect(distance(await draw({ name, prediction, pair: "snr" }), expected)).toBeGreaterThan(1e-3);
    }
  });

  it("with r = 1, gamma = 0 and its node at the end is EDM's Heun step (RE Eq. B.3)", async () => {
    const heun = { name: "re-2s", r: 1, gamma: 0, node: 1, orders: "fixed" };
    const process = edm({ sigmaMin: 0.05, sigmaMax: 3 });
    const denoiser = gaussianMixture({ ...worlds.circle8!, process });
    const initial = [1.3, -0.4];
    const { data } = await sample(denoiser, { solver: heun, steps: 2, initial, dtype: "float64" });
    const m = async (x: readonly number[], level: Level) => {
      const [input, output] = [Float64Array.from(x), new Float64Array(2)];
      await denoiser.evaluate({ rows: 1, input, output, levels: [level], labels: undefined });
      return output;
    };
    const [s, t] = [3, 0.05];
    const slope = (x: readonly number[], mean: Float64Array, sigma: number) =>
      x.map((value, i) => (value - mean[i]!) / sigma);
    const first = slope(initial, await m(initial, process.at(s)), s);
    const euler = initial.map((value, i) => value + (t - s) * first[i]!);
    const second = slope(euler, await m(euler, process.at(t)), t);
    const expected = initial.map((value, i) => value + ((t - s) * (first[i]! + second[i]!)) / 2);
    expect(distance(data, expected)).toBeLessThan(1e-12);
  });

  it("by the signal-to-noise pair follows Eq. D.7", async () => {
    const process = edm({ sigmaMin: 0.5, sigmaMax: 2 });
    const denoiser = gaussianMixture({ ...worlds.circle8!, process, prediction: "epsilon" });
    const initial = [0.9, -1.1];
    const { data } = await sample(denoiser, { solver: "re-2s", steps: 2, initial, dtype: "float64" });
    const e = async (x: readonly number[], sigma: number) => {
      const [input, output] = [Float64Array.from(x), new Float64Array(2)];
      await denoiser.evaluate({ rows: 1, input, output, levels: [process.at(sigma)], labels: undefined });
      return output;
    };
    // The middle of log-SNR between 2 and 1/2 is 1: SNR 1/4 and 1.
    const [snr, inner] = [1 / 4, 1];
    const gamma = snr / (snr + inner);
    const r = Math.sqrt((2 * inner) / (snr + inner));
    const d = await e(initial, 2);
    const interior = await e(
      initial.map((value, i) => value + (1 - 2) * d[i]!),
      1,
    );
    const expected = initial.map(
      (value, i) => value + (0.5 - 2) * ((gamma + r / 2) * interior[i]! + (1 - gamma - r / 2) * d[i]!),
    );
    expect(distance(data, expected)).toBeLessThan(1e-12);
  });
});

describe("multi-step RE", () => {
  const re = (options: Record<string, unknown>) => ({ name: "re-multi-step", ...options });

  it("without RE is DPM-Solver++ 2M (RE Eq. B.9–B.10)", async () => {
    const expected = await draw({ name: "dpm-solver++-2m", lowerOrderFinal: "last" });
    expect(distance(await draw(re({ weight: "unit" })), expected)).toBeLessThan(1e-11);
  });

  it("mixed and balanced is EVODiff as printed, for every rule of r_i", async () => {
    for (const ratio of Object.keys(stepRatios)) {
      const evodiff = await draw({ name: "evodiff", variant: "paper", ratio });
      expect(await draw(re({ gradient: "mixed", weight: "balanced", ratio }))).toEqual(evodiff);
    }
  });

  it("weighs a backward and a forward difference by the noise levels (Prop. 4.2)", async () => {
    const given = script(4, 3, "independent", "float64");
    const [m1, m0, mt] = given.predictions as [Float64Array, Float64Array, Float64Array];
    const request = { grid: { sigma: [80, 6, 2, 0.5] }, steps: 3, dtype: "float64" as const };
    const run = async (gradient: string) =>
      (await play(given, { ...request, solver: re({ gradient }) })).data;
    const ddim = (x: ArrayLike<number>, m: ArrayLike<number>, s: number, t: number) =>
      Array.from(x, (value, i) => (t / s) * value + (1 - t / s) * m[i]!);
    const x1 = ddim(given.x, m1, 80, 6);
    const r = Math.log(80 / 6) / Math.log(6 / 2);
    const second = (weight: number, difference: (i: number) => number) =>
      ddim(x1, m0, 6, 2).map((value, i) => value + ((1 - 2 / 6) / 2) * weight * difference(i));
    const backward = second(80 ** 2 / (80 ** 2 + 6 ** 2), (i) => (m0[i]! - m1[i]!) / r);
    const forward = second(2 ** 2 / (6 ** 2 + 2 ** 2), (i) => mt[i]! - m0[i]!);
    expect(distance(await run("backward"), ddim(backward, mt, 2, 0.5))).toBeLessThan(1e-13);
    expect(distance(await run("forward"), ddim(forward, mt, 2, 0.5))).toBeLessThan(1e-13);
  });

  it("mixed and balanced is Algorithm 1 word for word, and zeta matters in it", async () => {
    const given = script(5, 4, "independent", "float64");
    const request = { grid: "log-snr", steps: 4, dtype: "float64" } as const;
    const full = await play(given, { ...request, solver: re({ gradient: "mixed", weight: "balanced" }) });
    const expected = literalPaper(float64, { ...given, times: full.times });
    expect(distance(full.data, expected)).toBeLessThan(1e-12);
    const unit = await play(given, { ...request, solver: re({ gradient: "mixed", weight: "unit" }) });
    expect(distance(unit.data, full.data)).toBeGreaterThan(1e-3);
  });

  it("takes one evaluation a step, one more where a probe ends at full order", async () => {
    const denoiser = gaussianMixture(worlds.circle8!);
    const nfe = async (options: Record<string, unknown>) =>
      (await sample(denoiser, { solver: re(options), steps: 6 })).nfe;
    expect(await nfe({})).toBe(6);
    expect(await nfe({ lastStep: "full" })).toBe(6);
    expect(await nfe({ gradient: "forward" })).toBe(6);
    expect(await nfe({ gradient: "forward", lastStep: "full" })).toBe(7);
  });
});

describe("rules for r_i", () => {
  const at = (sigma: number) => edm().at(sigma);
  const [before, from, to] = [at(8), at(2), at(1)];

  it("are the printed formulas (RE Eq. D.12–D.14)", () => {
    expect(stepRatios["log-snr"](before, from, to)).toBeCloseTo(2, 14);
    expect(stepRatios.kappa(before, from, to)).toBeCloseTo((1 / 2 - 1 / 8) / (1 - 1 / 2), 14);
    expect(stepRatios["normalized-variance"](before, from, to)).toBeCloseTo(
      (64 - 4) / 64 / ((4 - 1) / 4),
      14,
    );
    expect(stepRatios.arctan(before, from, to)).toBeCloseTo(Math.atan(3 / 8) / Math.atan(1 / 2), 14);
  });

  it("refined is the geometric mean of the two substitutions", () => {
    const product = stepRatios["normalized-variance"](before, from, to) * stepRatios.arctan(before, from, to);
    expect(stepRatios.refined(before, from, to) ** 2).toBeCloseTo(product, 14);
  });

  it("all tend to 1 on small equal steps", () => {
    const close = [at(1.002), at(1.001), at(1)] as const;
    for (const rule of Object.values(stepRatios)) expect(Math.abs(rule(...close) - 1)).toBeLessThan(0.01);
  });
});
