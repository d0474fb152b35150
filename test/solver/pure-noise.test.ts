import { describe, expect, it } from "vitest";
import { gaussianMixture, sample } from "../../lib/index.js";
import { flow } from "../../lib/process/index.js";
import { type SolverDefinition, solvers } from "../../lib/solver/index.js";

const [mean, deviation] = [0.4, 0.6];
const model = (prediction: "flow-velocity" | "sample" | "v" | "epsilon" | "score") =>
  gaussianMixture({
    process: flow(),
    prediction,
    shape: [1],
    weights: [1],
    means: [[mean]],
    stds: [deviation],
  });
const start = -1.3;
/** Gaussian data from noise: stretched by their deviation. */
const solution = (end: number) => (1 - end) * mean + start * Math.hypot((1 - end) * deviation, end);

/** t from 1 to `end`; what stands for α = 0 at first may be another number. */
const gridTo = (end: number, steps: number, alpha = 0) => ({
  levels: Array.from({ length: steps + 1 }, (_, i) => {
    const t = 1 + ((end - 1) * i) / steps;
    return { t, modelTime: t, alpha: i === 0 ? alpha : 1 - t, sigma: t };
  }),
});

const able = [...solvers.values()].filter(({ fromPureNoise }) => fromPureNoise);
const optionsOf = ({ options }: SolverDefinition) => ("eta" in options.shape ? { eta: 0 } : {});
const draw = async (
  { name }: SolverDefinition,
  options: object,
  grid: ReturnType<typeof gridTo>,
  prediction: Parameters<typeof model>[0] = "flow-velocity",
) => {
  const { data } = await sample(model(prediction), {
    solver: { name, ...options },
    steps: grid.levels.length - 1,
    grid,
    initial: [start],
    dtype: "float64",
  });
  return data[0]!;
};

describe("a grid that starts at pure noise", () => {
  it("is for solvers in data prediction", () => {
    expect(able.map(({ name }) => name)).toEqual([
      "ddim",
      "ddpm",
      "euler-ancestral",
      "dpm-solver++-1",
      "dpm-solver++-2m",
      "dpm-solver++-3m",
      "sde-dpm-solver++-1",
      "sde-dpm-solver++-2m",
      "sde-dpm-solver++-3m",
      "ddpm-diffusers",
    ]);
  });

  const deterministic = able.filter(
    ({ stochastic, options }) => stochastic === false || "eta" in options.shape,
  );
  it.each(deterministic.map((solver) => [solver.name, solver] as const))(
    "%s comes to the data",
    async (_, solver) => {
      for (const end of [0, 0.01]) {
        const errors: number[] = [];
        for (const steps of [1, 2, 3, 40, 160]) {
          const gap = (await draw(solver, optionsOf(solver), gridTo(end, steps))) - solution(end);
          errors.push(Math.abs(gap));
        }
        expect(errors[0]).toBeLessThan(2);
        expect(errors[4]).toBeLessThan(errors[3]! / 2.5);
        expect(errors[4]).toBeLessThan(0.02);
      }
    },
  );

  it.each(able.map((solver) => [solver.name, solver] as const))("%s takes its limit", async (_, solver) => {
    // Two steps, each of first order: elsewhere the prediction near pure noise keeps a weight, which falls as 1/λ only.
    for (const end of [0, 0.01]) {
      const near = await draw(solver, {}, gridTo(end, 2, 1e-12));
      expect(await draw(solver, {}, gridTo(end, 2))).toBeCloseTo(near, 8);
    }
  });

  it.each(["sample", "v"] as const)("a model that predicts %s is one that tells data", async (prediction) => {
    const plain = solvers.get("ddim")!;
    const known = await draw(plain, {}, gridTo(0, 5));
    expect(await draw(plain, {}, gridTo(0, 5), prediction)).toBeCloseTo(known, 10);
  });

  it.each(["epsilon", "score"] as const)("a model that predicts %s is refused", async (prediction) => {
    await expect(draw(solvers.get("ddim")!, {}, gridTo(0, 5), prediction)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "grid",
    });
  });

  it.each(["euler", "dpm-solver-1", "lms", "dpm-solver++-2s", "unipc", "evodiff", "edm-heun", "deis-tab"])(
    "%s is refused before any call",
    async (solver) => {
      let calls = 0;
      const counted = {
        ...model("flow-velocity"),
        evaluate: async () => {
          calls++;
        },
      };
      const steps = solver.endsWith("s") ? 2 : 1;
      const grid = gridTo(0, steps);
      await expect(sample(counted, { solver, steps, grid })).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
        where: "grid",
      });
      expect(calls).toBe(0);
    },
  );
});
