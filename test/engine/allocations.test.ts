import { describe, expect, it } from "vitest";
import { Evaluator, resolveRequest, runRequest, VectorPool } from "../../lib/engine/index.js";
import { findSolver, gaussianMixture, solvers, vpLinear } from "../../lib/index.js";
import { runsPerSample } from "../../lib/solver/index.js";

const count = 3;
const process = vpLinear({});
const denoiser = gaussianMixture({
  weights: [0.4, 0.6],
  means: [
    [1, -1, 0, 2],
    [-1, 0.5, 1, 0],
  ],
  stds: [0.3, 0.5],
  shape: [1, 2, 2],
  process,
  prediction: "epsilon",
});

/** Vectors that a draw of so many steps takes from an empty pool. */
async function allocations(solver: string, steps: number): Promise<number> {
  const pool = new VectorPool();
  const request = { solver, steps, count, dtype: "float64" } as const;
  await runRequest(new Evaluator(denoiser, pool), resolveRequest(denoiser, request));
  return pool.statistics.allocations;
}

describe("a step allocates no vectors", () => {
  // Solvers that cannot run without measured statistics are left to the tests that have them.
  const runnable = [...solvers.values()].filter(({ options }) => options.safeParse({}).success);
  it.each(runnable.map(({ name }) => name))("%s", async (name) => {
    const solver = findSolver(name);
    const { vectors } = solver;
    const defaults = solver.options.parse({});
    // But for a method that holds all its predictions, and says so.
    const each = runsPerSample(solver, defaults) ? count : 1;
    const declared = each * (vectors(defaults, 24) - vectors(defaults, 12));
    expect((await allocations(name, 24)) - (await allocations(name, 12))).toBe(declared);
  });

  it("nor does a second draw from the same pool", async () => {
    const pool = new VectorPool();
    const evaluator = new Evaluator(denoiser, pool);
    const draw = () =>
      runRequest(evaluator, resolveRequest(denoiser, { solver: "evodiff", steps: 8, count }));
    await draw();
    const made = pool.statistics.allocations;
    await draw();
    expect(made).toBeGreaterThan(0);
    expect(pool.statistics.allocations).toBe(made);
  });
});
