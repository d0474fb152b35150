import type { Vector } from "../../device/index.js";
import type { Run } from "../../solver/index.js";

/** What a solver did and how long it took, in milliseconds, since it began. */
export interface Reading {
  /** Vectors read and written, each once per operation. */
  readonly passes: number;
  /** Standard normals drawn. */
  readonly normals: number;
  readonly combine: number;
  readonly gram: number;
  readonly noise: number;
  /** Waiting for predictions: everything that the engine and the model do. */
  readonly evaluation: number;
  /** All, the solver's own arithmetic in JavaScript included. */
  readonly total: number;
}

/** What lies between two readings. */
export function since(before: Reading, after: Reading): Reading {
  const difference = (of: keyof Reading) => after[of] - before[of];
  return {
    passes: difference("passes"),
    normals: difference("normals"),
    combine: difference("combine"),
    gram: difference("gram"),
    noise: difference("noise"),
    evaluation: difference("evaluation"),
    total: difference("total"),
  };
}

/** Watches a run at the only seam there is between a solver and the world. */
export class Meter {
  #passes = 0;
  #normals = 0;
  readonly #milliseconds = { combine: 0, gram: 0, noise: 0, evaluation: 0 };
  #begun = performance.now();

  begin(): Reading {
    this.#begun = performance.now();
    return this.read();
  }

  read(): Reading {
    const total = performance.now() - this.#begun;
    return { passes: this.#passes, normals: this.#normals, ...this.#milliseconds, total };
  }

  /** The same run, watched. */
  watch(run: Run): Run {
    const evaluation =
      (evaluate: Run["data"]): Run["data"] =>
      async (...given) => {
        const begun = performance.now();
        await evaluate(...given);
        this.#milliseconds.evaluation += performance.now() - begun;
      };
    return {
      ...run,
      data: evaluation(run.data),
      unthresholded: evaluation(run.unthresholded),
      noise: evaluation(run.noise),
      combine: (out, ...terms) => {
        this.#passes += 1 + new Set(terms.map(([, vector]) => vector)).size;
        this.#time("combine", () => run.combine(out, ...terms));
      },
      gram: (basis, ...how) => {
        this.#passes += new Set<Vector>(basis.flatMap((element) => element as Vector | Vector[])).size;
        return this.#time("gram", () => run.gram(basis, ...how));
      },
      normals: (into) => {
        this.#passes++;
        this.#normals += into.length;
        this.#time("noise", () => run.normals(into));
      },
      fill: (into, value) => {
        this.#passes++;
        run.fill(into, value);
      },
    };
  }

  #time<Result>(kind: "combine" | "gram" | "noise", work: () => Result): Result {
    const begun = performance.now();
    const result = work();
    this.#milliseconds[kind] += performance.now() - begun;
    return result;
  }
}
