import type { Vector } from "../../device/index.js";
import { QuenchError } from "../../errors.js";
import type { Step, Term } from "../solver.js";

/** A linear combination of vectors that a solver holds: what a coefficient φ is put in front of. */
export type Quantity = readonly (readonly [number, Vector])[];

/** One step of a solver before it is taken: its base's update of the state, and what IIA may add to it. */
export interface StepForm {
  /** Terms of the new state; empty where the base has written the state itself, and nothing can be added. */
  readonly base: readonly Term[];
  /** The step's quantities, as far as they are made of vectors of this step; see {@link StepForm.ahead}. */
  readonly quantities: readonly Quantity[];
  /**
   * What vectors of this step, the state at its start among them, are in the quantities of a later one: one for each,
   * empty for nothing. Asked for steps within the member's history, before this one is taken.
   */
  ahead?(later: Step): readonly Quantity[];
}

/**
 * Asks the model what a step needs and forms the step; whoever asked writes the new state.
 * @param x the state at the step's start
 */
export type FormStep = (step: Step, x: Vector) => Promise<StepForm>;

/** −a. */
export function minus(a: Quantity): Quantity {
  return a.map(([weight, vector]) => [-weight, vector]);
}

/** terms + scale × quantity: the coefficient of a vector that is there already grows, the others come after. */
export function addedTo<T extends Term>(
  terms: T[],
  quantity: Quantity,
  scale: number,
): (T | Quantity[number])[] {
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
export function adjusted(
  { base, quantities }: Pick<StepForm, "base" | "quantities">,
  coefficients: readonly number[],
): Term[] {
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
