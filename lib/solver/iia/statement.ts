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
  /** Where the new state goes: a member that looks back on the old one leaves it where it lies. Default: over it. */
  readonly into?: Vector;
}

/**
 * Asks the model what a step needs and states the step; whoever asked writes the new state.
 * @param x the state at the step's start
 */
export type StateStep = (step: Step, x: Vector) => Promise<Statement>;

/** a − b, each vector once. */
export function difference(a: Quantity, b: Quantity): Quantity {
  return addedTo([...a], b, -1);
}

/** terms + scale × quantity: the coefficient of a vector that is there already grows, the others come after. */
function addedTo<T extends Term>(terms: T[], quantity: Quantity, scale: number): (T | Quantity[number])[] {
  const sum: (T | Quantity[number])[] = terms;
  for (const [weight, vector] of quantity) {
    const k = sum.findIndex(([c, v]) => v === vector && typeof c === "number");
    if (k < 0) sum.push([scale * weight, vector]);
    else sum[k] = [(sum[k]![0] as number) + scale * weight, vector];
  }
  return sum;
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
  return quantities.reduce<Term[]>(
    (terms, quantity, j) => (coefficients[j] === 0 ? terms : addedTo(terms, quantity, coefficients[j]!)),
    [...base],
  );
}

/** Takes the step that was stated, and returns where the state is now. */
export function takeStep(run: Run, x: Vector, statement: Statement, coefficients: readonly number[]): Vector {
  const terms = adjusted(statement, coefficients);
  if (terms.length === 0) return x;
  const next = statement.into ?? x;
  run.combine(next, ...terms);
  return next;
}
