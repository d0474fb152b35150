import type { Evaluator } from "../engine/index.js";
import { combine, normals, type Vector } from "../native/index.js";
import type { Level } from "../process/index.js";

/** Clean samples to be noised, and what is asked of the model then. */
export interface Noised {
  /** rows × size. */
  readonly clean: Vector;
  readonly rows: number;
  readonly level: Level;
  readonly form: "data" | "noise";
  readonly labels: Int32Array | undefined;
  readonly guidance: number | undefined;
  /** Row r gets the noise (seed, stream, first + r). */
  readonly seed: bigint;
  readonly stream: number;
  readonly first: number;
  readonly signal: AbortSignal | undefined;
}

/** Writes the model's prediction at α x_0 + σ ε to `into`, as long as `clean` and apart from it. */
export async function predictNoised(evaluator: Evaluator, into: Vector, noised: Noised): Promise<void> {
  const { clean, rows, level, form, labels, guidance, seed, stream, first, signal } = noised;
  const samples = BigUint64Array.from({ length: rows }, (_, row) => BigInt(first + row));
  normals(into, new BigUint64Array(rows).fill(seed), samples, stream);
  combine(into, [
    [level.alpha, clean],
    [level.sigma, into],
  ]);
  await evaluator.evaluate({
    x: into,
    into,
    level,
    form,
    rows,
    labels,
    guidance,
    thresholding: undefined,
    observed: undefined,
    signal,
    priority: 0,
    ticket: 0,
  });
}
