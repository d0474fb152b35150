import type { Vector } from "../../device/index.js";
import { QuenchError } from "../../errors.js";
import type { Run, Step, Term } from "../solver.js";

/** A linear combination of vectors that a solver holds: what a coefficient φ is put in front of. */
export type Quantity = readonly (readonly [number, Vector])[];

/** One step of a solver before it is taken: its base's update of the state, and what IIA may add to it. */
export interface Statement {
  /** Terms of the new state; empty where the base has written the state itself, and nothing can be added. */
  readonly base: readonly Term[];
  readonly quantities: readonly Quantity[];
}

/** Asks the model what a step needs and states the step; whoever asked writes the state. */
export type StateStep = (step: Step) => Promise<Statement>;

/** v − w. */
export function difference(v: Vector, w: Vector): Quantity {
  return [
    [1, v],
    [-1, w],
  ];
}

/**
 * base + Σ_j φ_j q_j as the terms of one combine. A coefficient is added to that of the same vector where the base has
 * it, and φ_j = 0 adds nothing, so that the base's values give the base bit for bit.
 * @throws QuenchError INVALID_ARTIFACT for another number of coefficients than of quantities
 */
export function adjusted({ base, quantities }: Statement, coefficients: readonly number[]): Term[] {
  if (coefficients.length !== quantities.length) {
    throw new QuenchError(
      "INVALID_ARTIFACT",
      `expected ${quantities.length} coefficients, received ${coefficients.length}`,
      { where: "solver.coefficients" },
    );
  }
  const terms = [...base];
  for (const [j, quantity] of quantities.entries()) {
    const phi = coefficients[j]!;
    if (phi === 0) continue;
    for (const [weight, vector] of quantity) {
      const k = terms.findIndex(([c, v]) => v === vector && typeof c === "number");
      if (k < 0) terms.push([phi * weight, vector]);
      else terms[k] = [(terms[k]![0] as number) + phi * weight, vector];
    }
  }
  return terms;
}

/** Takes the step that was stated. */
export function takeStep(run: Run, statement: Statement, coefficients: readonly number[]): void {
  const terms = adjusted(statement, coefficients);
  if (terms.length > 0) run.combine(run.x, ...terms);
}
