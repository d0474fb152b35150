import type { Denoiser } from "../../lib/index.js";
import { type SolverDefinition, solvers } from "../../lib/solver/index.js";

export type Given = Readonly<Record<string, unknown>>;

/** Solvers that run on any grid. IIA's need coefficients of the grid at hand: test/iia has them. */
export function anyGridSolvers(): SolverDefinition[] {
  return [...solvers.values()].filter(({ options }) => !("coefficients" in options.shape));
}

/** What solvers need that cannot do with defaults alone: calibrations, here plain ones that any model takes. */
export function requiredOptions({ name }: SolverDefinition, { process, shape }: Denoiser): Given {
  if (name.startsWith("analytic-")) {
    const sigma = Array.from({ length: 9 }, (_, i) => 10 ** (i / 2 - 2));
    return { gamma: { sigma, gamma: sigma.map((s) => (s * s) / (s * s + 0.25)) } }; // data of deviation ½
  }
  if (name === "dpm-solver-v3") {
    const size = shape.reduce((a, b) => a * b, 1);
    const [from, to] = [process.at(process.tStart).lambda, process.at(process.tEnd).lambda];
    const nodes = 41;
    const lambda = Float64Array.from({ length: nodes }, (_, i) => from + ((to - from) * i) / (nodes - 1));
    const table = (value: (node: number, element: number) => number) =>
      Float64Array.from({ length: nodes * size }, (_, i) => value(Math.floor(i / size), i % size));
    return {
      statistics: {
        nodes,
        lambda,
        l: table((n) => 0.5 + 0.4 * Math.sin(n)),
        s: table((_, j) => 0.1 * Math.cos(j)),
        b: table(() => 0.05),
      },
    };
  }
  return {};
}

export function isStochastic(solver: SolverDefinition, given: Given): boolean {
  const { stochastic } = solver;
  return typeof stochastic === "function" ? stochastic(solver.options.parse(given)) : stochastic;
}
