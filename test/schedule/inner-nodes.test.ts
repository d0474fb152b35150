import { describe, expect, it } from "vitest";
import { findSchedule, gaussianMixture, sample } from "../../lib/index.js";
import {
  edm,
  flow,
  type Level,
  scaledSigma,
  vpClock,
  vpDiscrete,
  vpLinear,
} from "../../lib/process/index.js";
import { type GridRequest, gridMaker, scheduleNames, schedules } from "../../lib/schedule/index.js";
import { gaussianRisk, geometric } from "./support.js";

const risk = gaussianRisk(geometric(0.005, 200, 300), 0.5);
const spectral = {
  ...risk,
  spectrum: {
    frequencies: [0],
    multiplicity: [1],
    amplitude: [1],
    variance: [0.25],
    squaredError: risk.risk.map((value) => [value]),
  },
};
const requestOf = (schedule: string, more: object = {}): Exclude<GridRequest, string> => ({
  schedule,
  final: "min" as const,
  ...(schedules[schedule]!.options.includes("risk")
    ? { risk: schedule === "spectral-entropic" ? spectral : risk }
    : {}),
  ...more,
});
const processes = { edm: edm(), flow: flow(), "vp-linear": vpLinear(), "vp-discrete": vpDiscrete() };
const discreteOnly = ["leading", "trailing", "linspace"];

describe("nodes inside a step", () => {
  const cases = Object.entries(processes).flatMap(([type, process]) =>
    scheduleNames()
      .filter((name) => type === "vp-discrete" || !discreteOnly.includes(name))
      .flatMap((name) =>
        [
          {},
          { timesteps: "integer" as const },
          ...(schedules[name]!.options.includes("rho") ? [{ rho: 3 }] : []),
        ]
          .filter((more) => type === "vp-discrete" || !("timesteps" in more))
          .map((more) => [type, name, more, process] as const),
      ),
  );
  it.each(cases)("on %s, %s %j: begin where the step does and fall to its end", (_, name, more, process) => {
    const { levels, rule } = gridMaker(process, requestOf(name, more))(9);
    for (const [k, to] of levels.slice(1).entries()) {
      const from = levels[k]!;
      for (const count of [2, 3]) {
        const nodes = rule(process, from, to, count);
        expect(nodes).toHaveLength(count + 1);
        expect(nodes[0]).toBe(from);
        expect(nodes.at(-1)).toBe(to);
        for (const [i, node] of nodes.slice(1).entries())
          expect(node.lambda).toBeGreaterThan(nodes[i]!.lambda);
      }
    }
  });

  const fitted = scheduleNames().filter(
    (name) => ![...discreteOnly, "sgm-uniform", "iddpm", "las"].includes(name),
  );
  it.each(fitted)("%s: those of a grid with twice the steps", (name) => {
    for (const process of [processes.edm, processes["vp-linear"]]) {
      for (const rho of schedules[name]!.options.includes("rho") ? [undefined, 3] : [undefined]) {
        const make = gridMaker(process, requestOf(name, { rho }));
        const [coarse, fine] = [make(5), make(10)];
        const middles = coarse.levels
          .slice(1)
          .map((to, k) => coarse.rule(process, coarse.levels[k]!, to, 2)[1]!.lambda);
        const known = fine.levels.filter((_, k) => k % 2 === 1).map(({ lambda }) => lambda);
        for (const [k, lambda] of middles.entries()) expect(lambda).toBeCloseTo(known[k]!, 6);
      }
    }
  });
});

const [means, stds] = [
  [0.4, -0.7],
  [0.3, 0.8],
];
const process = vpDiscrete();
const gaussian = gaussianMixture({
  shape: [2],
  weights: [1],
  means: [means],
  covariances: [[0.09, 0, 0, 0.64]],
  process,
});
/** Gaussian data are stretched about their mean. */
const solution = (x: readonly number[], from: Level, to: Level) =>
  x.map((value, j) => {
    const deviation = ({ alpha, sigma }: Level) => Math.hypot(alpha * stds[j]!, sigma);
    return to.alpha * means[j]! + ((value - from.alpha * means[j]!) * deviation(to)) / deviation(from);
  });

it.each(discreteOnly)("2S is second order on %s", async (schedule) => {
  const x = [0.7, -1.1];
  const errors: number[] = [];
  for (const steps of [50, 100, 200]) {
    const grid = { schedule, sigmaMin: 0.3, final: "min" } as const;
    const { data, times } = await sample(gaussian, {
      solver: { name: "dpm-solver++-2s", correction: "heun" },
      steps,
      grid,
      initial: x,
      dtype: "float64",
    });
    const truth = solution(x, process.at(times[0]!), process.at(times.at(-1)!));
    errors.push(Math.max(...truth.map((value, j) => Math.abs(value - data[j]!))));
  }
  expect(errors[0]! / errors[1]!).toBeGreaterThan(2.8);
  expect(errors[1]! / errors[2]!).toBeGreaterThan(2.8);

  expect(errors[2]).toBeLessThan(2e-3);
});

describe("the linear VP process through a range", () => {
  it.each([
    { sigmaMax: 10, sigmaMin: 0.2 },
    { sigmaMax: 3, sigmaMin: 0.1 },
  ])("%j is refused where its noise would not fall throughout", async (range) => {
    const grid = { schedule: "vp", ...range };
    const refusal = { code: "INVALID_ARGUMENT", where: "grid" };
    await expect(findSchedule(process, grid, 5)).rejects.toMatchObject(refusal);
    await expect(sample(gaussian, { solver: "ddim", grid, steps: 5 })).rejects.toMatchObject(refusal);
  });

  it("falls throughout in the shortest range that is let through", () => {
    const [sigmaMax, sigmaMin] = [10, Math.sqrt(Math.expm1(1e-3 * (2 - 1e-3) * Math.log1p(100))) * 0.9999];
    const clock = vpClock(sigmaMin, sigmaMax);
    const sigmas = Array.from({ length: 200 }, (_, i) => clock.sigmaOf(1 - (0.999 * i) / 199));
    for (const [i, sigma] of sigmas.slice(1).entries()) expect(sigma).toBeLessThan(sigmas[i]!);
    for (const sigma of sigmas) expect(clock.sigmaOf(clock.timeOf(sigma)) / sigma).toBeCloseTo(1, 4);
  });

  it("a single-step solver asks the model inside its steps", async () => {
    const seen: number[] = [];
    const model = gaussianMixture({ shape: [1], weights: [1], means: [[0]], stds: [0.5], process: edm() });
    await sample(
      {
        ...model,
        evaluate: (batch) => {
          seen.push(scaledSigma(batch.levels[0]!));
          return model.evaluate(batch);
        },
      },
      { solver: "dpm-solver++-2s", grid: { schedule: "vp", final: "min" }, steps: 4 },
    );
    expect(seen).toHaveLength(4);
    for (const [i, sigma] of seen.slice(1).entries()) expect(sigma).toBeLessThan(seen[i]!);
  });
});
