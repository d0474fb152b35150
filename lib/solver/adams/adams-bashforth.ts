import { interpolationWeights } from "../exponential-step.js";
import { lagrangeBasis } from "../lagrange.js";
import { factorial } from "../phi-functions.js";
import { gaussLegendre } from "./gauss-legendre.js";

/**
 * The weights of Adams–Bashforth methods on any nodes: weight j of a step from `from` to `to` is
 * ∫ ℓ_j(u) du / (to − from), ℓ_j the Lagrange polynomial that is 1 at node j. They sum to 1.
 */
export function lagrangeWeights(nodes: readonly number[], from: number, to: number): number[] {
  // A last step may have no length, and then nothing to weigh.
  if (nodes.length === 1 || from === to) return nodes.map((_, j) => Number(j === 0));
  // ∫₀¹ θ^k/k! dθ = 1/(k+1)! are the moments of an integral without exponential weight.
  return interpolationWeights(
    nodes.map((node) => (node - from) / (to - from)),
    nodes.map((_, k) => 1 / factorial(k + 1)),
  );
}

/** Adams–Bashforth weights of equal steps, latest first: [1], [3, −1]/2, [23, −16, 5]/12, [55, −59, 37, −9]/24. */
export const adamsBashforth: readonly (readonly number[])[] = [
  [],
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

/**
 * The same with the polynomial in another variable v(u), at which the nodes are then given, latest first: DEIS. By
 * Gauss–Legendre; panels are doubled until no weight changes by more than 1e-12, at most to 16: kinks, as of a process
 * interpolated from a table, then leave some 1e-7.
 */
export function lagrangeWeightsIn(
  variable: (u: number) => number,
  nodes: readonly number[],
  from: number,
  to: number,
): number[] {
  if (nodes.length === 1) return [1];
  const [latest, scale] = [nodes[0]!, nodes[0]! - nodes[1]!];
  const basis = lagrangeBasis(nodes.map((node) => (node - latest) / scale));
  const position = (u: number) => (variable(u) - latest) / scale;
  const weightsBy = (panels: number) => {
    const moments = momentsOf(position, nodes.length, from, to, panels);
    return basis.map((coefficients) => coefficients.reduce((sum, c, k) => sum + c * moments[k]!, 0));
  };
  let weights = weightsBy(1);
  for (let panels = 2; panels <= 16; panels *= 2) {
    const finer = weightsBy(panels);
    const change = Math.max(...finer.map((weight, j) => Math.abs(weight - weights[j]!)));
    weights = finer;
    if (change <= 1e-12) break;
  }
  return weights;
}

/** Means of position(u)^k over [from, to], k = 0 … count − 1. */
function momentsOf(
  position: (u: number) => number,
  count: number,
  from: number,
  to: number,
  panels: number,
): Float64Array {
  const moments = new Float64Array(count);
  const rule = gaussLegendre(16);
  for (let panel = 0; panel < panels; panel++) {
    for (const point of rule) {
      const theta = position(from + ((panel + point.position) / panels) * (to - from));
      let power = point.weight / panels;
      for (let k = 0; k < count; k++) {
        moments[k]! += power;
        power *= theta;
      }
    }
  }
  return moments;
}
