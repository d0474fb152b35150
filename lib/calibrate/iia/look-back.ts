import type { Quantity, Run, Statement, Step } from "../../solver/index.js";

type Vector = Run["x"];

/** What earlier steps gave to the quantities of one step: a vector each, undefined where nothing. */
type Given = readonly (Vector | undefined)[];

/**
 * The quantities of steps that look back, one by one: where coefficients are yet to be found, what earlier steps gave to each
 * quantity has to be kept apart. A draw holds their weighted sum alone, see LookAhead.
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
  complete({ quantities }: Statement): Quantity[] {
    const given = this.#given[0] ?? [];
    return quantities.map((quantity, j) => (given[j] ? [...quantity, [1, given[j]]] : quantity));
  }

  /** Keeps what a step gives to later ones, and forgets what it was given itself once `take` has taken it. */
  pass(step: Step, { ahead }: Statement, take: () => void): void {
    const [used = [], ...later] = this.#given;
    for (let k = 0; ahead && k < this.history; k++) {
      const next = this.run.steps[step.index + 1 + k];
      if (next) later[k] = this.#added(later[k] ?? [], ahead(next));
    }
    take();
    this.#given.splice(0, Infinity, ...later);
    for (const vector of used) if (vector) this.#free.push(vector);
  }

  #added(given: Given, shares: readonly Quantity[]): Given {
    return Array.from({ length: Math.max(given.length, shares.length) }, (_, j) => {
      const [before, share = []] = [given[j], shares[j]];
      if (share.length === 0) return before;
      const vector = before ?? this.#free.pop() ?? this.vector();
      this.run.combine(vector, ...share, ...(before ? [[1, before] as const] : []));
      return vector;
    });
  }
}
