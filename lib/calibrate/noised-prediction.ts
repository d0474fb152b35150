import type { Evaluator } from "../engine/index.js";
import { combine, normals, type Vector } from "../native/index.js";
import type { Level, PredictionForm } from "../process/index.js";

/** Streams from here on, "risk" in ASCII: draws of the same seed, which clean samples may come from, use the lowest ones. */
const firstStream = 0x7269736b;

/** Clean samples to be noised, and what is asked of the model then. */
export interface Noised {
  /** rows × size. */
  readonly clean: Vector;
  readonly rows: number;
  readonly level: Level;
  readonly form: PredictionForm;
  readonly labels: Int32Array | undefined;
  readonly guidance: number | undefined;
  /** Row r gets noise of its own for every (seed, stream, first + r), which no draw of samples has. */
  readonly seed: bigint;
  readonly stream: number;
  readonly first: number;
  readonly signal: AbortSignal | undefined;
}

/** Writes the model's prediction at α x_0 + σ ε to `into`, as long as `clean` and apart from it. */
export async function predictNoised(evaluator: Evaluator, into: Vector, noised: Noised): Promise<void> {
  const { clean, rows, level, form, labels, guidance, seed, stream, first, signal } = noised;
  const samples = BigUint64Array.from({ length: rows }, (_, row) => BigInt(first + row));
  normals(into, new BigUint64Array(rows).fill(seed), samples, firstStream + stream);
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
