import { describe, expect, it } from "vitest";
import { isStochastic, type SolverDefinition, solvers } from "../../lib/solver/index.js";
import { measureOrder } from "./convergence.js";

/** Every deterministic solver with its defaults and the option sets it names. */
function cases(): { solver: SolverDefinition; given: object; expected: number }[] {
  return [...solvers.values()].flatMap((solver) =>
    [{}, ...(solver.orderCases ?? [])].flatMap((given) => {
      const { success, data: options } = solver.options.safeParse(given);
      if (!success || solver.evaluations(10, options) === undefined) return [];
      if (isStochastic(solver, options)) return [];
      return [{ solver, given, expected: solver.measuredOrder?.(options)?.order ?? solver.order(options) }];
    }),
  );
}

describe("convergence order in float64", () => {
  it.each(cases().map((c) => [`${c.solver.name} ${JSON.stringify(c.given)}: ${c.expected}`, c] as const))(
    "%s",
    async (_, { solver, given, expected }) => {
      const { order, points } = await measureOrder(solver, { ...given });
      expect(points).toHaveLength(5);
      expect(Math.abs(order - expected), `measured ${order}`).toBeLessThanOrEqual(0.2);
    },
  );
});
