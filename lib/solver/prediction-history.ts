import type { Vector } from "../device/index.js";
import type { Level } from "../process/index.js";
import type { Step, Term } from "./solver.js";

/** The latest predictions of a multistep solver, newest first, and the half-log-SNR each was made at. */
export class PredictionHistory {
  readonly #vectors: Vector[];
  readonly #lambdas: number[] = [];

  constructor(vectors: readonly Vector[]) {
    this.#vectors = [...vectors];
  }

  /** Makes the oldest vector the newest and returns it, to be filled with the prediction at `level`. */
  next(level: Level): Vector {
    const vector = this.#vectors.pop()!;
    this.#vectors.unshift(vector);
    this.#lambdas.unshift(level.lambda);
    if (this.#lambdas.length > this.#vectors.length) this.#lambdas.pop();
    return vector;
  }

  /**
   * Where the newest `count` predictions lie in θ = (λ − λ_s)/h; the first at 0, the others negative. One made at pure
   * noise lies infinitely far from later steps and has no weight in them.
   */
  nodes(count: number, { from, h }: Step): number[] {
    const older = this.#lambdas.slice(1, count).filter((lambda) => lambda > -Infinity);
    return [0, ...older.map((lambda) => (lambda - from.lambda) / h)];
  }

  /** One weight for each of the newest predictions. */
  terms(weights: readonly number[]): Term[] {
    return weights.map((weight, i) => [weight, this.#vectors[i]!]);
  }
}

/** What a multistep solver does at the end: orders …, 3, 2, 1; the order kept but for the last step; or kept. */
export type LowerOrderFinal = boolean | "last";

/**
 * Order of a multistep step, as far as history and end allow. A step to σ = 0 has no other nodes in θ than its start
 * and is first order; so is a step of no length.
 */
export function multistepOrder(
  step: Step,
  steps: number,
  order: number,
  lowerOrderFinal: LowerOrderFinal,
): number {
  if (step.to.sigma === 0 || step.h === 0 || (lowerOrderFinal === "last" && step.isLast)) return 1;
  const left = lowerOrderFinal === true ? steps - step.index : order;
  return Math.min(order, step.index + 1, left);
}
