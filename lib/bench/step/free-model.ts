import type { Denoiser } from "../../denoiser/index.js";
import { normals, type Vector } from "../../native/index.js";
import { vpLinear } from "../../process/index.js";

/**
 * A model that costs nothing: what it emits lies in its output already, standard normals written when it first meets an
 * array. It predicts noise, as most image models do, so that the state goes in without a copy.
 */
export function freeModel(shape: readonly number[]): Denoiser {
  const prepared = new WeakSet<Vector>();
  return {
    name: "free",
    process: vpLinear({}),
    prediction: "epsilon",
    shape,
    dtype: "any",
    batchInvariant: true,
    async evaluate({ output }) {
      if (prepared.has(output)) return;
      prepared.add(output);
      normals(output, BigUint64Array.of(0n), BigUint64Array.of(0n), 0);
    },
    async close() {},
  };
}
