import type {
  Accumulate,
  Backend,
  BasisElement,
  Coefficient,
  Combination,
  Term,
  Vector,
} from "../device/index.js";

/** What a pass through memory reads and writes: vectors, each counted once; one that is written first is not read. */
export interface Streams {
  readonly reads: number;
  readonly writes: number;
}

export type OnPass = (streams: Streams, milliseconds: number) => void;

/** A look for NaN and infinity, and the error where there is one at `index`. */
interface Check {
  readonly vector: Vector;
  readonly refuse: (index: number) => Error;
}

/**
 * Combinations of one run that wait for one another. What the model emitted is turned into a prediction, the prediction
 * moves the state, a probe starts from there: one by one each would take its own way through memory, though each works
 * on what the one before has just read or written. They are done together when somebody else wants the memory: a
 * model call, a Gram matrix, noise, an observer; the column of one goes along with what it waits for.
 */
export class Passes {
  #waiting: Combination[] = [];
  #terms = 0;
  #check: Check | undefined;

  /** @param onPass told of every pass, and how many milliseconds it took */
  constructor(
    readonly backend: Backend,
    readonly onPass?: OnPass,
  ) {}

  /**
   * Coefficients in arrays must stay as they are until {@link settle}. Those per element are memory to be read like a
   * vector: such a combination waits for nothing.
   */
  combine(out: Vector, terms: readonly Term[], rows: number): void {
    const alone = terms.some(([coefficient]) => perElement(coefficient));
    if (alone || !this.backend.fitsInTurn(this.#waiting.length + 1, this.#terms + terms.length))
      this.settle();
    this.#terms += terms.length;
    this.#waiting.push({ out, terms, rows });
    if (alone) this.settle();
  }

  /** Before all combinations that wait: `vector` is finite, or else {@link settle} throws `refuse(index)`. */
  check(vector: Vector, refuse: Check["refuse"]): void {
    this.settle();
    this.#check = { vector, refuse };
  }

  /** Does what waits. */
  settle(): void {
    if (this.#waiting.length === 0 && !this.#check) return;
    this.#finish([], (waiting, checked) => this.#pass(waiting, checked));
  }

  /** Does what waits, and writes the Gram matrix of what it leaves: {@link Backend.gram}. */
  gram(out: Float64Array, basis: readonly BasisElement[], rows: number, accumulate: Accumulate): void {
    this.settle();
    this.#finish(basis, () => {
      this.backend.gram(out, basis, rows, accumulate);
      return -1;
    });
  }

  /** Does what waits, and with it writes the last column of that matrix: {@link Backend.gramColumn}. */
  gramColumn(out: Float64Array, basis: readonly BasisElement[], rows: number, accumulate: Accumulate): void {
    if (!this.backend.fitsInTurn(this.#waiting.length, this.#terms, basis.length)) this.settle();
    this.#finish(basis, (waiting, checked) =>
      this.backend.gramColumn(out, basis, rows, accumulate, waiting, checked),
    );
  }

  #finish(
    basis: readonly BasisElement[],
    pass: (waiting: readonly Combination[], checked: Vector | undefined) => number,
  ): void {
    const [waiting, check] = [this.#waiting, this.#check];
    this.drop();
    const begun = this.onPass && performance.now();
    const bad = pass(waiting, check?.vector);
    if (begun !== undefined) this.onPass?.(streamsOf(waiting, check, basis), performance.now() - begun);
    if (check && bad >= 0) throw check.refuse(bad);
  }

  /** The same where something that waits reads or writes `vector`, which somebody else is about to write. */
  settleBefore(vector: Vector): void {
    const touches = ({ out, terms }: Combination) => out === vector || terms.some(([, v]) => v === vector);
    if (this.#check?.vector === vector || this.#waiting.some(touches)) this.settle();
  }

  /** Forgets what waits. */
  drop(): void {
    this.#waiting = [];
    this.#terms = 0;
    this.#check = undefined;
  }

  /** Returns the index of the first element of `checked` that is not finite, or -1. */
  #pass(waiting: readonly Combination[], checked: Vector | undefined): number {
    const [first] = waiting;
    if (!first) return checked ? this.backend.firstNonFinite(checked) : -1;
    if (checked || waiting.length > 1) return this.backend.combineInTurn(waiting, checked);
    this.backend.combine(first.out, first.terms, first.rows);
    return -1;
  }
}

function streamsOf(
  combinations: readonly Combination[],
  check: Check | undefined,
  basis: readonly BasisElement[],
): Streams {
  const read = new Set<unknown>(check && [check.vector]);
  const written = new Set<Vector>();
  for (const { out, terms } of combinations) {
    for (const [coefficient, vector] of terms) {
      for (const each of [vector, perElement(coefficient)]) if (each && !written.has(each)) read.add(each);
    }
    written.add(out);
  }
  for (const vector of basis.flatMap((element) => element as Vector | Vector[]))
    if (!written.has(vector)) read.add(vector);
  return { reads: read.size, writes: written.size };
}

/** A coefficient that is read for every row as a vector is, though from a nearer cache. */
function perElement(coefficient: Coefficient): Vector | undefined {
  return typeof coefficient === "object" && "perElement" in coefficient ? coefficient.perElement : undefined;
}
