import type { Vector } from "../../device/index.js";
import type { Run, Term } from "../../solver/index.js";

/** What an operation does to memory: reads so many vectors, each once, and writes one or none. */
export interface Streams {
  readonly reads: number;
  readonly writes: 0 | 1;
}

/** What a solver did and how long it took, in milliseconds, since it began. */
export interface Reading {
  /** Of combine, gram and fill, in order. */
  readonly operations: readonly Streams[];
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
  const difference = (of: Exclude<keyof Reading, "operations">) => after[of] - before[of];
  return {
    operations: after.operations.slice(before.operations.length),
    normals: difference("normals"),
    combine: difference("combine"),
    gram: difference("gram"),
    noise: difference("noise"),
    evaluation: difference("evaluation"),
    total: difference("total"),
  };
}

/** A coefficient that is read for every row as a vector is, though from a nearer cache. */
function perElement(coefficient: Term[0]): Vector | undefined {
  return typeof coefficient === "object" && "perElement" in coefficient ? coefficient.perElement : undefined;
}

/** Watches a run at the only seam there is between a solver and the world. */
export class Meter {
  readonly #operations: Streams[] = [];
  #normals = 0;
  readonly #milliseconds = { combine: 0, gram: 0, noise: 0, evaluation: 0 };
  #begun = performance.now();

  begin(): Reading {
    this.#begun = performance.now();
    return this.read();
  }

  read(): Reading {
    const total = performance.now() - this.#begun;
    return { operations: [...this.#operations], normals: this.#normals, ...this.#milliseconds, total };
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
        const read = new Set(terms.flatMap(([coefficient, vector]) => [vector, perElement(coefficient)]));
        read.delete(undefined);
        this.#operations.push({ reads: read.size, writes: 1 });
        this.#time("combine", () => run.combine(out, ...terms));
      },
      gram: (basis, ...how) => {
        const vectors = new Set<Vector>(basis.flatMap((element) => element as Vector | Vector[]));
        this.#operations.push({ reads: vectors.size, writes: 0 });
        return this.#time("gram", () => run.gram(basis, ...how));
      },
      normals: (into) => {
        this.#normals += into.length;
        this.#time("noise", () => run.normals(into));
      },
      fill: (into, value) => {
        this.#operations.push({ reads: 0, writes: 1 });
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
