import { type SolverDefinition, solvers } from "../../lib/solver/index.js";

export type Given = Readonly<Record<string, unknown>>;

/** Solvers that run on any grid. IIA's need coefficients of the grid at hand: test/iia has them. */
export function anyGridSolvers(): SolverDefinition[] {
  return [...solvers.values()].filter(({ options }) => !("coefficients" in options.shape));
}
