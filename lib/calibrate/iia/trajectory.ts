import { adjusted, type FormStep, type Run, type Step, type StepForm } from "../../solver/index.js";
import { type FineSolver, solveFinely } from "./fine-solution.js";
import type { LookBack } from "./look-back.js";
import type { Borrower } from "./turns.js";

type Vector = Run["x"];

/** Vectors that nobody needs beyond one piece of work. */
export class Scratch {
  readonly #vectors: Float32Array[] = [];
  #lent = 0;

  constructor(readonly length: number) {}

  vector(length: number): Float32Array {
    if (this.#lent === this.#vectors.length) this.#vectors.push(new Float32Array(this.length));
    return this.#vectors[this.#lent++]!.subarray(0, length);
  }

  /** Takes all vectors back. */
  clear(): void {
    this.#lent = 0;
  }
}

/** Some samples on their way from noise to data, step by step along the steps that IIA takes. */
export interface Trajectories {
  readonly rows: number;
  readonly run: Run;
  readonly formStep: FormStep;
  readonly lookBack: LookBack;
  /** Where the step under way should end. */
  readonly fine: Vector;
  readonly memory: Borrower;
  /** The step under way, its quantities whole. */
  form: StepForm | undefined;
}

/** Asks the model what the step needs. */
export async function beginStep(some: Trajectories, step: Step): Promise<void> {
  const { run, fine, formStep, lookBack } = some;
  run.combine(fine, [1, run.x]);
  const form = await formStep(step, run.x);
  some.form = { ...form, quantities: lookBack.complete(form) };
}

/**
 * Solves the step finely.
 * @returns the step's quantities and, last, what the base's step lacks: fine − base; in scratch vectors
 */
export async function solveAndSpan(
  { run, fine, form }: Trajectories,
  step: Step,
  solver: FineSolver,
  scratch: Scratch,
): Promise<Vector[]> {
  const { base, quantities } = form!;
  const vectors = ((count: number) =>
    Array.from({ length: count }, () => scratch.vector(fine.length))) as Run["vectors"];
  await solveFinely({ ...run, vectors }, fine, step, solver);
  scratch.clear();
  const spanned = quantities.map((quantity) => {
    const q = scratch.vector(fine.length);
    run.combine(q, ...quantity);
    return q;
  });
  const lacking = scratch.vector(fine.length);
  if (base.length > 0) run.combine(lacking, ...base);
  else run.combine(lacking, [1, run.x]);
  run.combine(lacking, [1, fine], [-1, lacking]);
  return [...spanned, lacking];
}

/** Takes the step, and returns ‖x − fine‖² of every sample. */
export function endStep(some: Trajectories, step: Step, coefficients: readonly number[]): Float64Array {
  const { run, rows, fine, lookBack } = some;
  const form = some.form!;
  const terms = adjusted(form, coefficients);
  lookBack.pass(step, form, () => {
    if (terms.length > 0) run.combine(run.x, ...terms);
  });
  some.form = undefined;
  return run.gram([[run.x, fine]], rows);
}
