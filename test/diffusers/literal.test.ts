import { describe, expect, it } from "vitest";
import { fromSchedulerConfig } from "../../lib/diffusers/index.js";
import { edm, gaussianMixture, type Level, level, recordedNoise, sample } from "../../lib/index.js";

/*
 * Schedulers without golden vectors against their loops written out: y = x/α, s the sigmas, D the mixture's denoiser.
 */

const world = {
  weights: [0.5, 0.3, 0.2],
  means: [
    [0.8, -0.3],
    [-0.7, 0.4],
    [0.1, 0.9],
  ],
  stds: [0.2, 0.15, 0.25],
  shape: [2],
};
const exact = gaussianMixture({ ...world, process: edm() });
const unit = [0.37, -1.21];
const normals = Array.from({ length: 12 }, (_, i) => [Math.sin(7 * i + 1) * 1.3, Math.cos(5 * i + 2) * 1.1]);

async function denoise(y: readonly number[], sigma: number): Promise<number[]> {
  const at: Level = level(sigma, sigma, 1, sigma);
  const output = new Float64Array(2);
  await exact.evaluate({ rows: 1, input: Float64Array.from(y), output, levels: [at], labels: undefined });
  return [...output];
}

async function derivative(y: readonly number[], sigma: number): Promise<number[]> {
  const m = await denoise(y, sigma);
  return y.map((value, i) => (value - m[i]!) / sigma);
}

const move = (y: readonly number[], d: readonly number[], by: number) =>
  y.map((value, i) => value + d[i]! * by);

async function run(config: Record<string, unknown>, steps: number, noise?: number[][]) {
  const plan = fromSchedulerConfig(config, steps);
  const denoiser = gaussianMixture({
    ...world,
    process: plan.process,
    // A mixture has no raw network; the scheduler only sees what its output means.
    prediction: plan.prediction === "edm-raw" ? "sample" : plan.prediction,
  });
  const y = unit.map((value) => value * plan.initNoiseSigma);
  const { data } = await sample(denoiser, {
    ...plan.request,
    dtype: "float64",
    count: 1,
    initial: y.map((value) => value * plan.stateScale),
    ...(noise ? { noise: recordedNoise(noise) } : {}),
  });
  return { got: [...data], sigmas: plan.sigmas!, y };
}

function expectClose(got: readonly number[], wanted: readonly number[], tolerance = 1e-10) {
  for (const [i, value] of got.entries()) {
    expect(Math.abs(value - wanted[i]!), `element ${i}`).toBeLessThan(tolerance);
  }
}

describe("schedulers without golden vectors take their steps as written", () => {
  it.each(["leading", "linspace", "trailing"])(
    "EulerAncestralDiscreteScheduler, %s",
    async (timestep_spacing) => {
      const config = { _class_name: "EulerAncestralDiscreteScheduler", timestep_spacing };
      const { got, sigmas: s, y: start } = await run(config, 8, normals);
      let y = start;
      for (let i = 0; i < 8; i++) {
        const up = Math.sqrt((s[i + 1]! ** 2 * (s[i]! ** 2 - s[i + 1]! ** 2)) / s[i]! ** 2);
        const down = Math.sqrt(s[i + 1]! ** 2 - up ** 2);
        y = move(move(y, await derivative(y, s[i]!), down - s[i]!), normals[i]!, up);
      }
      expectClose(got, y);
    },
  );

  it("KDPM2DiscreteScheduler", async () => {
    const { got, sigmas: s, y: start } = await run({ _class_name: "KDPM2DiscreteScheduler" }, 7);
    let y = start;
    for (let i = 0; i < 7; i++) {
      const d = await derivative(y, s[i]!);
      const middle = Math.exp((Math.log(s[i]!) + Math.log(s[i + 1]!)) / 2);
      const ahead = middle > 0 ? await derivative(move(y, d, middle - s[i]!), middle) : d;
      y = move(y, ahead, s[i + 1]! - s[i]!);
    }
    expectClose(got, y, 1e-9);
  });

  it("KDPM2AncestralDiscreteScheduler, with one normal for each step", async () => {
    const config = { _class_name: "KDPM2AncestralDiscreteScheduler" };
    const { got, sigmas: s, y: start } = await run(config, 7, normals);
    let y = start;
    for (let i = 0; i < 7; i++) {
      const up = Math.sqrt((s[i + 1]! ** 2 * (s[i]! ** 2 - s[i + 1]! ** 2)) / s[i]! ** 2);
      const down = Math.sqrt(s[i + 1]! ** 2 - up ** 2);
      const d = await derivative(y, s[i]!);
      const middle = Math.exp((Math.log(s[i]!) + Math.log(down)) / 2);
      const ahead = middle > 0 ? await derivative(move(y, d, middle - s[i]!), middle) : d;
      y = move(move(y, ahead, down - s[i]!), normals[i]!, up);
    }
    expectClose(got, y, 1e-9);
  });

  it.each(["karras", "exponential"])("EDMEulerScheduler, %s", async (sigma_schedule) => {
    const { got, sigmas: s, y: start } = await run({ _class_name: "EDMEulerScheduler", sigma_schedule }, 6);
    let y = start;
    for (let i = 0; i < 6; i++) y = move(y, await derivative(y, s[i]!), s[i + 1]! - s[i]!);
    expectClose(got, y);
    expect([s[0], s[5], s[6]]).toEqual([expect.closeTo(80, 10), expect.closeTo(0.002, 12), 0]);
  });

  it("EDMDPMSolverMultistepScheduler, second order with a lower end", async () => {
    const { got, sigmas: s, y: start } = await run({ _class_name: "EDMDPMSolverMultistepScheduler" }, 6);
    let y = start;
    let older: number[] | undefined;
    for (let i = 0; i < 6; i++) {
      const m = await denoise(y, s[i]!);
      const h = Math.log(s[i]! / s[i + 1]!);
      const h0 = i > 0 ? Math.log(s[i - 1]! / s[i]!) : h;
      const slope = m.map((value, k) => (older && i < 5 ? (value - older[k]!) * (h / h0) : 0));
      y = y.map((value, k) => (s[i + 1]! / s[i]!) * value + (1 - Math.exp(-h)) * (m[k]! + slope[k]! / 2));
      older = m;
    }
    expectClose(got, y);
  });

  it("LMSDiscreteScheduler", async () => {
    const { got, sigmas: s, y: start } = await run({ _class_name: "LMSDiscreteScheduler" }, 9);
    let y = start;
    const derivatives: number[][] = [];
    for (let i = 0; i < 9; i++) {
      derivatives.unshift(await derivative(y, s[i]!));
      const order = Math.min(i + 1, 4);
      for (let j = 0; j < order; j++) {
        const polynomial = (tau: number) => {
          let product = 1;
          for (let k = 0; k < order; k++) if (k !== j) product *= (tau - s[i - k]!) / (s[i - j]! - s[i - k]!);
          return product;
        };
        y = move(y, derivatives[j]!, simpson(polynomial, s[i]!, s[i + 1]!));
      }
    }
    expectClose(got, y, 1e-8);
  });

  it.each([1, 3])("FlowMatchEulerDiscreteScheduler, shift %d", async (shift) => {
    const {
      got,
      sigmas: s,
      y: start,
    } = await run({ _class_name: "FlowMatchEulerDiscreteScheduler", shift }, 6);
    let x = start;
    for (let i = 0; i < 6; i++) {
      // u = ε − x_0; at σ = 1 the state says nothing of the data.
      const m =
        s[i] === 1
          ? await denoise([0, 0], 1e8)
          : await denoise(
              x.map((v) => v / (1 - s[i]!)),
              s[i]! / (1 - s[i]!),
            );
      const u = x.map((value, k) => (value - m[k]!) / s[i]!);
      x = move(x, u, s[i + 1]! - s[i]!);
    }
    expectClose(got, x, 1e-7);
    expect(s[0]).toBe(1);
  });
});

/** Exact for cubics. */
function simpson(f: (x: number) => number, a: number, b: number): number {
  return ((b - a) / 6) * (f(a) + 4 * f((a + b) / 2) + f(b));
}
