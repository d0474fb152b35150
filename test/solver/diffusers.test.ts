import { describe, expect, it } from "vitest";
import { gaussianMixture, recordedNoise, sample } from "../../lib/index.js";
import { edm, type Process, vpLinear } from "../../lib/process/index.js";

const range = { sigmaMin: 0.1, sigmaMax: 8 };
const world = {
  shape: [2],
  weights: [0.6, 0.4],
  means: [
    [0.8, -0.4],
    [-0.7, 0.5],
  ],
  stds: [0.5, 0.7],
};
const clean = [0.9, -1.3];

/** A draw between two scaled noise levels, as x/α, from the same x/α on every process. */
async function between(process: Process, request: object): Promise<number[]> {
  const grid = {
    schedule: "log-snr" as const,
    ...range,
    ...("grid" in request ? (request.grid as object) : {}),
  };
  const first = process.atLambda(-Math.log(range.sigmaMax));
  const { data, times } = await sample(gaussianMixture({ ...world, process, prediction: "epsilon" }), {
    initial: clean.map((value) => value * first.alpha),
    dtype: "float64",
    ...request,
    grid,
  });
  const last = times.at(-1)!;
  const { alpha } = process.at(last);
  return Array.from(data, (value) => value / alpha);
}

describe("pndm-diffusers with v", () => {
  it("extrapolates v on every process", async () => {
    const request = (steps: number) => ({ solver: { name: "pndm-diffusers", extrapolates: "v" }, steps });
    const truth = await between(edm(), { solver: "dpm-solver++-3m", steps: 2000 });
    for (const process of [vpLinear(), edm()]) {
      const errors = await Promise.all(
        [28, 112].map(async (steps) => {
          const found = await between(process, request(steps));
          return Math.hypot(...found.map((value, i) => value - truth[i]!));
        }),
      );
      expect(errors[0]).toBeLessThan(0.1);
      expect(errors[1]).toBeLessThan(errors[0]! / 2.5);
    }
  });
});

describe("ddpm-diffusers", () => {
  it("adds noise at every step before the clean one, whatever time the model is told", async () => {
    const draw = (modelTime: "sigma" | "c-noise") =>
      between(edm({ modelTime }), {
        ...{ solver: "ddpm-diffusers", steps: 8, grid: { final: "min" } },
        noise: recordedNoise(Array.from({ length: 8 }, (_, k) => [Math.sin(3 * k + 1), Math.cos(5 * k)])),
      });
    expect(await draw("c-noise")).toEqual(await draw("sigma"));
  });
});

describe("exponential", () => {
  it("is log-snr by another name for solvers of single steps too", async () => {
    for (const solver of ["dpm-solver-3s", "dpm-solver++-2s", "re-3s"])
      for (const steps of [6, 7, 9]) {
        const draw = (schedule: string) => between(vpLinear(), { solver, steps, grid: { schedule } });
        expect(await draw("exponential")).toEqual(await draw("log-snr"));
      }
  });
});
