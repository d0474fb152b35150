import { describe, expect, it } from "vitest";
import { type GridRequest, gaussianMixture, sample, vpDiscrete } from "../../lib/index.js";
import { edmWorld, vpWorld } from "../iia/worlds.js";

const discrete = gaussianMixture({
  shape: [2],
  weights: [1],
  means: [[0.5, -0.5]],
  stds: [0.3],
  process: vpDiscrete(),
});
const finite = (data: ArrayLike<number>) => Array.from(data).every(Number.isFinite);

describe("where a grid ends", () => {
  it.each(["lms", "ipndm-v", "deis-rho-ab", "deis-tab"])(
    "a last step of no length costs a call and moves nothing: %s",
    async (solver) => {
      const { process } = discrete;
      const levels = [1, 0.7, 0.4, 0.2, 0.1]
        .map((t) => process.at(t))
        .map(({ t, modelTime, alpha, sigma }) => {
          return { t, modelTime, alpha, sigma };
        });
      const draw = async (nodes: typeof levels) =>
        sample(discrete, { solver, steps: nodes.length - 1, grid: { levels: nodes }, dtype: "float64" });
      const once = await draw(levels);
      const twice = await draw([...levels, levels.at(-1)!]);
      expect(twice.nfe).toBe(once.nfe + 1);
      for (const [i, value] of twice.data.entries()) expect(value).toBeCloseTo(once.data[i]!, 12);
    },
  );

  it.each(["heun", "runge-kutta"] as const)(
    "PNDM's %s start needs a level of noise at its end",
    async (start) => {
      const solver = { name: "pndm-diffusers", start };
      const grid = { schedule: "log-snr", final: "zero" } as const;
      const least = start === "heun" ? 3 : 13;
      await expect(sample(vpWorld, { solver, grid, steps: least - 1 })).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
        where: "steps",
      });
      expect(finite((await sample(vpWorld, { solver, grid, steps: least })).data)).toBe(true);
    },
  );

  it.each([2, 3, 4, 5, 6, 7])("dpm-fast spends %i calls to zero too", async (steps) => {
    const { nfe } = await sample(edmWorld, {
      solver: "dpm-fast",
      steps,
      grid: { schedule: "edm", final: "zero" },
    });
    expect(nfe).toBe(steps);
  });

  it.each(["dpm-fast", "dpm-solver-23", "dpm-solver++-12"])("%s takes explicit levels", async (solver) => {
    const steps = solver === "dpm-fast" ? 7 : 2;
    // Seven evaluations are orders 3, 3, 1, and to zero 3, 2, 1, 1.
    const [min, zero] =
      solver === "dpm-fast"
        ? [
            [80, 5, 0.5, 0.01],
            [80, 5, 0.5, 0.01, 0],
          ]
        : [
            [80, 0.01],
            [80, 0.01, 0],
          ];
    for (const sigma of [min, zero])
      expect(finite((await sample(edmWorld, { solver, grid: { sigma }, steps })).data)).toBe(true);
  });

  it("a range shorter than an adaptive solver's first step is one step", async () => {
    const grid = { schedule: "log-snr", sigmaMax: 0.1, sigmaMin: 0.098 } as const;
    const { data } = await sample(edmWorld, { solver: "dpm-solver-12", grid, steps: 1 });
    expect(finite(data)).toBe(true);
  });
});

describe("a table of timesteps ends somewhere", () => {
  it.each<[string, GridRequest]>([
    ["grid.t[2]", { t: [1, 0.5, 0.0001] }],
    ["grid.sigma[0]", { sigma: [1e5, 1, 0] }],
    ["grid.sigma[2]", { sigma: [100, 1, 1e-4, 0] }],
    ["grid.sigmaMax", { schedule: "edm", sigmaMax: 1000 }],
    ["grid.sigmaMin", { schedule: "edm", sigmaMin: 1e-4 }],
  ])("%s beyond it is refused: %j", async (where, grid) => {
    const steps =
      "t" in (grid as object) || "sigma" in (grid as object) ? Object.values(grid)[0].length - 1 : 4;
    await expect(sample(discrete, { solver: "ddim", grid, steps })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where,
    });
  });
});
