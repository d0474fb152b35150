import type { Denoiser } from "../../denoiser/index.js";
import { sizeOf } from "../../shape.js";
import type { SolverDefinition } from "../../solver/index.js";

/**
 * What solvers need that cannot do with defaults alone: calibrations, here plain ones that any model takes. IIA's
 * coefficients belong to one grid and are left out.
 */
export function requiredOptions(
  { name }: SolverDefinition,
  { process, shape }: Denoiser,
): Readonly<Record<string, unknown>> {
  if (name.startsWith("analytic-")) {
    const sigma = Array.from({ length: 9 }, (_, i) => 10 ** (i / 2 - 2));
    return { gamma: { sigma, gamma: sigma.map((s) => (s * s) / (s * s + 0.25)) } }; // data of deviation ½
  }
  if (name === "dpm-solver-v3") {
    const size = sizeOf(shape);
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
