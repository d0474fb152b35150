import { QuenchError } from "../errors.js";
import { normals, type Vector } from "../native/index.js";

/** Where a run's standard normals come from. Draw 0 is the initial state; solvers draw 1, 2, 3 … in order. */
export interface NoiseSource {
  fill(into: Vector, draw: number): void;
}

/** Counter-based noise keyed by (seed, draw, sample, element): a sample's noise depends on nothing else. */
export function philoxNoise(seeds: BigUint64Array, samples: BigUint64Array): NoiseSource {
  return { fill: (into, draw) => normals(into, seeds, samples, draw) };
}

/**
 * Recorded noise: row k is what draw k + 1 returns, a whole batch each.
 * @throws QuenchError INVALID_ARGUMENT when a draw is missing or has another length
 */
export function recordedNoise(draws: readonly ArrayLike<number>[]): NoiseSource {
  return {
    fill(into, draw) {
      const values = draws[draw - 1];
      if (values?.length !== into.length) {
        throw new QuenchError(
          "INVALID_ARGUMENT",
          `expected ${into.length} recorded normals for draw ${draw}, received ${values?.length ?? "none"}`,
          {
            where: "noise",
          },
        );
      }
      into.set(values);
    },
  };
}
