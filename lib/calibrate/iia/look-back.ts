import type { Quantity, Run, Step, StepForm } from "../../solver/index.js";

type Vector = Run["x"];

/** What earlier steps gave to one quantity. */
interface Share {
  readonly vector: Vector;
  /** Σ (w ‖v‖)² over the terms w v that were summed: rounding grows with these, however short their sum is. */
  readonly squares: number;
}

/** What earlier steps gave to the quantities of one step, undefined where nothing. */
type Given = readonly (Share | undefined)[];

/**
 * The quantities of steps that look back, one by one: where coefficients are yet to be found, what earlier steps gave
 * to each quantity has to be kept apart. A draw holds their weighted sum alone, see LookAhead.
 */
export class LookBack {
  /** Of this step and the next ones. */
  readonly #given: Given[] = [];
  readonly #free: Vector[] = [];

  /** @param history steps that quantities look back */
  constructor(
    readonly run: Run,
    readonly history: number,
    readonly vector: () => Vector,
  ) {}

  /** A step's quantities, whole. */
  complete({ quantities }: StepForm): Quantity[] {
    const given = this.#given[0] ?? [];
    return quantities.map((quantity, j) => (given[j] ? [...quantity, [1, given[j].vector]] : quantity));
  }

  /** ‖v‖² over all samples; of what earlier steps gave to this step's quantities, Σ (w ‖v‖)² over what it was summed from. */
  squaresOf(vector: Vector): number {
    const given = this.#given[0]?.find((share) => share?.vector === vector);
    return given?.squares ?? this.run.gram([vector], this.run.rows).reduce((sum, square) => sum + square, 0);
  }

  /** Keeps what a step gives to later ones, and forgets what it was given itself once `take` has taken it. */
  pass(step: Step, { ahead }: StepForm, take: () => void): void {
    const [used = [], ...later] = this.#given;
    for (let k = 0; ahead && k < this.history; k++) {
      const next = this.run.steps[step.index + 1 + k];
      if (next) later[k] = this.#added(later[k] ?? [], ahead(next));
    }
    take();
    this.#given.splice(0, Infinity, ...later);
    for (const share of used) if (share) this.#free.push(share.vector);
  }

  #added(given: Given, shares: readonly Quantity[]): Given {
    return Array.from({ length: Math.max(given.length, shares.length) }, (_, j) => {
      const [before, terms = []] = [given[j], shares[j]];
      if (terms.length === 0) return before;
      const vector = before?.vector ?? this.#free.pop() ?? this.vector();
      const squares = terms.reduce((sum, [w, v]) => sum + w * w * this.squaresOf(v), before?.squares ?? 0);
      this.run.combine(vector, ...terms, ...(before ? [[1, vector] as const] : []));
      return { vector, squares };
    });
  }
}
