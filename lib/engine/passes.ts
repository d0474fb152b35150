import type {
  Accumulate,
  Backend,
  BasisElement,
  Coefficient,
  Combination,
  Measure,
  Term,
  Vector,
} from "../device/index.js";
import { type Decision, decide } from "../native/index.js";

/** What a pass through memory reads and writes: vectors, each counted once; one that is written first is not read. */
export interface Streams {
  readonly reads: number;
  readonly writes: number;
  /** In so many rows, each when its part of these vectors has just been read or written: from wherever that leaves it. */
  readonly rows?: number;
}

/** Told of a pass, and where it looks at every row twice of the second look, and how long they took. */
export type OnPass = (streams: readonly Streams[], milliseconds: number) => void;

const nothing = new Float64Array(0);

/** A look for NaN and infinity, and the error where there is one at `index`. */
interface Check {
  readonly vector: Vector;
  readonly refuse: (index: number) => Error;
}

/**
 * Combinations of one run that wait for one another. What the model emitted is turned into a prediction, the prediction
 * moves the state, a probe starts from there: one by one each would take its own way through memory, though each works
 * on what the one before has just read or written. They are done together when somebody else wants the memory: a
 * model call, a Gram matrix, noise, an observer. Formulas that make coefficients of inner products wait with them.
 */
export class Passes {
  #check: Check | undefined;
  #before: Combination[] = [];
  #measure: Measure | undefined;
  #decisions: Decision[] = [];
  /** After the decisions. */
  #after: Combination[] = [];
  #terms = 0;

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
    if (alone || !this.#fits(1, terms.length)) this.settle();
    this.#terms += terms.length;
    (this.#decisions.length > 0 ? this.#after : this.#before).push({ out, terms, rows });
    if (alone) this.settle();
  }

  /** Before all combinations that wait: `vector` is finite, or else {@link settle} throws `refuse(index)`. */
  check(vector: Vector, refuse: Check["refuse"]): void {
    this.settle();
    this.#check = { vector, refuse };
  }

  /**
   * A formula makes coefficients for combinations that come later.
   * @param measure what it needs, of what waits before
   */
  decide(decision: Decision, measure?: Measure): void {
    const [first] = this.#decisions;
    if (first && (measure || first.rows !== decision.rows)) this.settle();
    if (!this.#fits(0, 0, 1, measure?.basis.length)) this.settle();
    this.#decisions.push(decision);
    this.#measure ??= measure;
  }

  /** Does what waits. */
  settle(): void {
    const [check, before, measure, decisions, after] = [
      this.#check,
      this.#before,
      this.#measure,
      this.#decisions,
      this.#after,
    ];
    if (before.length === 0 && decisions.length === 0 && !check) return;
    this.drop();
    const streams = () => [
      streamsOf([...before, ...after], check, measure?.basis ?? []),
      ...(measure && after.length > 0
        ? [{ ...streamsOf(after, undefined, []), rows: decisions[0]!.rows }]
        : []),
    ];
    this.#timed(check, streams, () => {
      if (decisions.length === 0) return this.#combine(before, check?.vector);
      if (!measure && before.length + after.length === 0) {
        for (const decision of decisions) decide(nothing, decision);
        return this.#combine(before, check?.vector);
      }
      return this.backend.correctInTurn({ before, checked: check?.vector, measure, decisions, after });
    });
  }

  /** Does what waits, and writes the Gram matrix of what it leaves: {@link Backend.gram}. */
  gram(out: Float64Array, basis: readonly BasisElement[], rows: number, accumulate: Accumulate): void {
    this.settle();
    this.#timed(
      undefined,
      () => [streamsOf([], undefined, basis)],
      () => {
        this.backend.gram(out, basis, rows, accumulate);
        return -1;
      },
    );
  }

  /** @param pass returns the index of the first element of what is checked that is not finite, or -1 */
  #timed(check: Check | undefined, streams: () => readonly Streams[], pass: () => number): void {
    const begun = this.onPass && performance.now();
    const bad = pass();
    if (begun !== undefined) this.onPass?.(streams(), performance.now() - begun);
    if (check && bad >= 0) throw check.refuse(bad);
  }

  /** The same where something that waits reads or writes `vector`, which somebody else is about to write. */
  settleBefore(vector: Vector): void {
    const touches = ({ out, terms }: Combination) => out === vector || terms.some(([, v]) => v === vector);
    const measured = this.#measure?.basis.some(
      (element) => element === vector || [element].flat().includes(vector),
    );
    if (this.#check?.vector === vector || measured || [...this.#before, ...this.#after].some(touches))
      this.settle();
  }

  /** Forgets what waits. */
  drop(): void {
    this.#check = undefined;
    this.#before = [];
    this.#measure = undefined;
    this.#decisions = [];
    this.#after = [];
    this.#terms = 0;
  }

  /** Whether so much more may wait with what does. */
  #fits(combinations: number, terms: number, decisions = 0, elements = 0): boolean {
    const [count, allTerms] = [this.#before.length + this.#after.length + combinations, this.#terms + terms];
    const allDecisions = this.#decisions.length + decisions;
    if (allDecisions === 0) return this.backend.fitsInTurn(count, allTerms);
    const allElements = (this.#measure?.basis.length ?? 0) + elements;
    return this.backend.fitsCorrection(allDecisions, allElements, count, allTerms);
  }

  /** Returns the index of the first element of `checked` that is not finite, or -1. */
  #combine(waiting: readonly Combination[], checked: Vector | undefined): number {
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
