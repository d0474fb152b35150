import { describe, expect, it } from "vitest";
import { Evaluator, resolveRequest, runRequest, VectorPool } from "../../lib/engine/index.js";
import { type SolverDefinition, solvers } from "../../lib/solver/index.js";
import { denoiser } from "./convergence.js";

/** Runs a solver and counts its evaluations and the vectors it takes from its run. */
async function count(solver: SolverDefinition, given: object, steps: number) {
  const resolved = resolveRequest(denoiser, { solver: { name: solver.name, ...given }, steps });
  let vectors = 0;
  const counting: SolverDefinition = {
    ...solver,
    sample(run, options) {
      const counted: typeof run = {
        ...run,
        vectors(n) {
          vectors += n;
          return run.vectors(n);
        },
      };
      return solver.sample(counted, options);
    },
  };
  const { nfe } = await runRequest(new Evaluator(denoiser, new VectorPool()), {
    ...resolved,
    solver: counting,
  });
  return { nfe, vectors };
}

const entries = [...solvers.values()].flatMap((solver) =>
  [{}, ...(solver.orderCases ?? [])].flatMap((given) => {
    const { success, data: options } = solver.options.safeParse(given);
    return success ? [{ solver, given, options }] : [];
  }),
);

describe("what the registry says", () => {
  it.each(entries.map((entry) => [`${entry.solver.name} ${JSON.stringify(entry.given)}`, entry] as const))(
    "%s: evaluations and vectors are as stated",
    async (_, { solver, given, options }) => {
      // PRK's start alone takes twelve evaluations.
      const least = "start" in given && given.start === "runge-kutta" ? 13 : (solver.minimumSteps ?? 1);
      for (const steps of [1, 2, 3, 4, 6, 7, 11, 15]) {
        if (steps < least || solver.evaluations(steps, options) === 0) continue;
        const { nfe, vectors } = await count(solver, given, steps);
        expect(nfe).toBe(solver.evaluations(steps, options) ?? nfe);
        const held = solver.vectors(options, steps);
        if (Number.isFinite(held)) expect(vectors).toBe(held);
      }
    },
  );

  it("describes every option", () => {
    for (const solver of solvers.values()) {
      for (const [name, schema] of Object.entries(solver.options.shape)) {
        expect((schema as { description?: string }).description, `${solver.name}.${name}`).toBeTruthy();
      }
    }
  });
});
