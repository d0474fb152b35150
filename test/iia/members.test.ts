import { describe, expect, it } from "vitest";
import { calibrateIia, findIiaMember, type IiaOptions } from "../../lib/calibrate/index.js";
import { Evaluator, resolveRequest, runRequest, VectorPool } from "../../lib/engine/index.js";
import { type IiaArtifact, sample } from "../../lib/index.js";
import { solvers } from "../../lib/solver/index.js";
import { type Case, cases, steps, wrappable } from "./cases.js";
import { vpWorld } from "./worlds.js";

/** An artifact with coefficients of zero: the base's own values. */
async function zeroed(options: IiaOptions, { denoiser }: Case): Promise<IiaArtifact> {
  const artifact = await calibrateIia(denoiser, { ...options, samples: 2, substeps: 4 });
  return {
    ...artifact,
    steps: artifact.steps.map((step) => ({ ...step, coefficients: step.coefficients.map(() => 0) })),
  };
}

describe("coefficients of zero give the base bit for bit", () => {
  const all: readonly Case[] = [
    ...cases,
    ...wrappable().map(
      (name) => ({ name: `iia:${name}`, solver: `iia:${name}`, denoiser: vpWorld, grid: "log-snr" }) as const,
    ),
  ];
  it.each(all.map((one) => [JSON.stringify(one.solver), one] as const))("%s", async (_, one) => {
    const { denoiser, grid, solver } = one;
    const coefficients = await zeroed({ solver, grid, steps }, one);
    const { base, baseOptions } = findIiaMember(coefficients.solver.name);
    for (const dtype of ["float32", "float64"] as const) {
      const states: { improved: ArrayLike<number>[]; plain: ArrayLike<number>[] } = {
        improved: [],
        plain: [],
      };
      const request = { steps, grid, count: 3, seed: 11, dtype, denoiseToZero: true };
      const { name: _name, ...options } = coefficients.solver;
      const improved = await sample(denoiser, {
        ...request,
        solver: { ...coefficients.solver, coefficients },
        onStep: ({ x }) => states.improved.push(x()),
      });
      const plain = await sample(denoiser, {
        ...request,
        solver: {
          name: base.name,
          ...(base.name === coefficients.solver.name.slice(4) ? baseOptions(options) : {}),
        },
        onStep: ({ x }) => states.plain.push(x()),
      });
      expect(improved.data).toEqual(plain.data);
      expect(improved.nfe).toBe(plain.nfe);
      expect(states.improved).toEqual(states.plain);
    }
  });
});

describe("what a member holds", () => {
  it.each(cases.map((one) => [JSON.stringify(one.solver), one] as const))("%s", async (_, one) => {
    const { denoiser, grid, solver } = one;
    const coefficients = await calibrateIia(denoiser, { solver, grid, steps, samples: 8 });
    const request = resolveRequest(denoiser, {
      solver: { ...coefficients.solver, coefficients },
      steps,
      grid,
      dtype: "float64",
    });
    const pool = new VectorPool();
    const { nfe } = await runRequest(new Evaluator(denoiser, pool), request);
    expect(nfe).toBe(request.solver.evaluations(steps, request.options));
    // The state is a vector too. A mixture of the run's dtype needs none for its model calls.
    expect(pool.statistics.allocations).toBe(1 + request.solver.vectors(request.options, steps));
  });

  it("is in the registry", () => {
    for (const { name } of cases.filter(({ name }) => !name.startsWith("iia:")))
      expect([...solvers.keys()]).toContain(name);
  });
});
