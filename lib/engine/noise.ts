import { requireFinite } from "../checks/finite.js";
import { isObject, received } from "../checks/received.js";
import { type Vector as AnyVector, backendOf, dtypeOf, isHostVector } from "../device/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { torchGenerators, torchNormals, type Vector } from "../native/index.js";

/**
 * Where a run's standard normals come from. Draw 0 is the initial state; solvers draw 1, 2, 3 … in order. Filled when
 * it returns: a promise is refused.
 */
export interface NoiseSource {
  fill(into: Vector, draw: number): void;
}

/** A {@link NoiseSource} for vectors wherever they live. */
export interface DrawnNoise {
  fill(into: AnyVector, draw: number): void;
}

/** Counter-based noise keyed by (seed, draw, sample, element): a sample's noise depends on nothing else. */
export function philoxNoise(seeds: BigUint64Array, samples: BigUint64Array): DrawnNoise {
  return { fill: (into, draw) => backendOf(into).normals(into, seeds, samples, draw) };
}

/** Noise that is made on the host, taken from there to where the vectors live. */
export function uploadedNoise(source: NoiseSource): DrawnNoise {
  return {
    fill(into, draw) {
      if (isHostVector(into)) return source.fill(into, draw);
      const numbers =
        dtypeOf(into) === "float32" ? new Float32Array(into.length) : new Float64Array(into.length);
      source.fill(numbers, draw);
      backendOf(into).upload(into, numbers);
    },
  };
}

/**
 * A caller's noise, looked at as it comes.
 * @throws QuenchError INVALID_ARGUMENT from `fill` for NaN, infinity, elements left out, and a promise
 */
export function checkedNoise(source: NoiseSource): NoiseSource {
  return {
    fill(into, draw) {
      into.fill(Number.NaN); // what is left out would be numbers of others
      const returned: unknown = source.fill(into, draw);
      if (isObject(returned) && typeof returned.then === "function") {
        Promise.resolve(returned).catch(() => {});
        throw new QuenchError("INVALID_ARGUMENT", "expected normals, received a promise of them", {
          where: "noise.fill",
        });
      }
      requireFinite(into, `noise, draw ${draw}`);
    },
  };
}

/**
 * What torch.randn draws for each sample from a CPU generator of its own, seeded with seeds[i] + samples[i]: the
 * initial state first, then the solver's noise, as a script draws them. In float64 runs the numbers are the same.
 * @param firstDraw 1 where x_T is given, and a script's generator is fresh when the solver first draws
 */
export function torchNoise(seeds: BigUint64Array, samples: BigUint64Array, firstDraw: 0 | 1): NoiseSource {
  const generators = torchGenerators(seeds.map((seed, i) => seed + samples[i]!));
  let next: number = firstDraw;
  let single = new Float32Array(0);
  return {
    fill(into, draw) {
      if (single.length !== into.length) single = new Float32Array(into.length);
      for (; next <= draw; next++) torchNormals(single, generators);
      into.set(single);
    },
  };
}

/**
 * Recorded noise: row k is what draw k + 1 returns, a whole batch each.
 * @throws QuenchError INVALID_ARGUMENT for no list, and when a draw is missing, has another length or holds NaN or
 * infinity
 */
export function recordedNoise(draws: readonly ArrayLike<number>[]): NoiseSource {
  requireArgument(
    Array.isArray(draws),
    "noise",
    () => `expected a list of draws, received ${received(draws)}`,
  );
  for (const [i, values] of draws.entries()) if (values) requireFinite(values, `noise[${i}]`);
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
