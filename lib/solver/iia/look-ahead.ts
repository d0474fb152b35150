import type { Vector } from "../../device/index.js";
import type { Run, Step, Term } from "../solver.js";
import { addedTo, adjusted, type Quantity, type StepForm } from "./step-form.js";

/**
 * Takes steps whose quantities look back. The coefficients of all steps are known, so that what a step's vectors will
 * be worth in a later one can be summed while they are there, as in a filter's transposed form: one vector for each
 * step looked back holds it, however many quantities there are and whatever they are made of.
 */
export class LookAhead {
  /** What the next steps will add, nearest first; the vector of one that nothing was put into is free. */
  #sums: { readonly vector: Vector; filled: boolean }[];

  /** @param history steps that quantities look back */
  constructor(
    readonly run: Run,
    readonly coefficients: readonly (readonly number[])[],
    history: number,
  ) {
    this.#sums = run.vectors(history).map((vector) => ({ vector, filled: false }));
  }

  /**
   * Takes the step that was formed, all of it one pass through memory.
   * @returns where the state is now
   */
  take(x: Vector, step: Step, form: StepForm): Vector {
    const terms = adjusted(form, this.coefficients[step.index]!);
    if (terms.length === 0) return x;
    const [next, ...later] = this.#sums;
    if (!next) {
      this.run.combine(x, ...terms);
      return x;
    }
    // The new state goes where the sum for it lies: the old one is then there for what it gives to later steps, and its
    // own place is the last sum's.
    this.run.combine(next.vector, ...terms, ...(next.filled ? [[1, next.vector] as const] : []));
    this.#sums = [...later, { vector: x, filled: false }];
    for (const [k, sum] of this.#sums.entries()) {
      const given = this.#given(this.run.steps[step.index + 1 + k], form);
      if (given.length === 0) continue;
      this.run.combine(sum.vector, ...given, ...(sum.filled ? [[1, sum.vector] as const] : []));
      sum.filled = true;
    }
    return next.vector;
  }

  /** What this step gives to a later one: Σ_j φ_j of its share in the later step's quantity j. */
  #given(later: Step | undefined, { ahead }: StepForm): Term[] {
    const phi = later && this.coefficients[later.index]!;
    if (!phi) return [];
    return (ahead?.(later) ?? []).reduce<Quantity[number][]>(
      (sum, quantity, j) => (phi[j] ? addedTo(sum, quantity, phi[j]) : sum),
      [],
    );
  }
}
