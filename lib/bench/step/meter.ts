import type { OnPass, Streams } from "../../engine/index.js";
import type { Run } from "../../solver/index.js";

/** What was done and how long it took, in milliseconds, since it began. */
export interface Reading {
  /** What passes through memory read and write: of combinations and inner products done together, of fill and errors; in order. */
  readonly operations: readonly Streams[];
  /** Standard normals drawn. */
  readonly normals: number;
  readonly passes: number;
  readonly noise: number;
  /** Waiting for predictions, less the passes that were made meanwhile. */
  readonly evaluation: number;
  /** All, the solver's own arithmetic in JavaScript included. */
  readonly total: number;
}

/** What lies between two readings. */
export function since(before: Reading, after: Reading): Reading {
  const difference = (of: Exclude<keyof Reading, "operations">) => after[of] - before[of];
  return {
    operations: after.operations.slice(before.operations.length),
    normals: difference("normals"),
    passes: difference("passes"),
    noise: difference("noise"),
    evaluation: difference("evaluation"),
    total: difference("total"),
  };
}

/** Watches a run at the only seam there is between a solver and the world, and the passes that it makes. */
export class Meter {
  readonly #operations: Streams[] = [];
  #normals = 0;
  readonly #milliseconds = { passes: 0, noise: 0, evaluation: 0 };
  #begun = 0;

  /** @param now milliseconds, without those of the model */
  constructor(private readonly now: () => number) {}

  begin(): Reading {
    this.#begun = this.now();
    return this.read();
  }

  read(): Reading {
    const total = this.now() - this.#begun;
    return { operations: [...this.#operations], normals: this.#normals, ...this.#milliseconds, total };
  }

  readonly onPass: OnPass = (streams, milliseconds) => {
    this.#operations.push(...streams);
    this.#milliseconds.passes += milliseconds;
  };

  /** The same run, watched. */
  watch(run: Run): Run {
    const evaluation =
      (evaluate: Run["data"]): Run["data"] =>
      async (...given) => {
        const begun = this.now() - this.#milliseconds.passes;
        await evaluate(...given);
        this.#milliseconds.evaluation += this.now() - this.#milliseconds.passes - begun;
      };
    return {
      ...run,
      data: evaluation(run.data),
      unthresholded: evaluation(run.unthresholded),
      noise: evaluation(run.noise),
      normals: (into) => {
        this.#normals += into.length;
        const begun = this.now() - this.#milliseconds.passes;
        run.normals(into);
        this.#milliseconds.noise += this.now() - this.#milliseconds.passes - begun;
      },
      fill: (into, value) => {
        this.#operations.push({ reads: 0, writes: 1 });
        run.fill(into, value);
      },
      scaledErrors: (...given) => {
        this.#operations.push({ reads: 3, writes: 0 });
        return run.scaledErrors(...given);
      },
    };
  }
}
