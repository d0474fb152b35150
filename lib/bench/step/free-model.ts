import type { Denoiser } from "../../denoiser/index.js";
import { normals, type Vector } from "../../native/index.js";
import { vpLinear } from "../../process/index.js";

/** A model whose calls can be left out of a measurement. */
export interface FreeModel extends Denoiser {
  /** What {@link performance.now} says, without the time that calls took. */
  now(): number;
}

/**
 * A model that costs nothing by its own clock: its answers, standard normals, are copied to where they are wanted. It
 * predicts noise, as most image models do, so that the state goes in without a copy.
 */
export function freeModel(shape: readonly number[]): FreeModel {
  let answer: Vector = new Float32Array(0);
  let spent = 0;
  return {
    name: "free",
    process: vpLinear({}),
    prediction: "epsilon",
    shape,
    dtype: "float32",
    batchInvariant: true,
    async evaluate({ output }) {
      const begun = performance.now();
      if (answer.length < output.length) {
        answer = new Float32Array(output.length);
        normals(answer, BigUint64Array.of(0n), BigUint64Array.of(0n), 0);
      }
      output.set(answer.subarray(0, output.length));
      spent += performance.now() - begun;
    },
    now: () => performance.now() - spent,
    async close() {},
  };
}
