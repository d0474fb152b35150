import { gaussianMixture, type MixtureOptions } from "../../lib/denoiser/index.js";
import type { Level } from "../../lib/process/index.js";

/** Evaluates one row per level; the output starts as NaN. */
export async function run(
  options: MixtureOptions,
  input: Float64Array,
  levels: Level[],
): Promise<Float64Array> {
  const output = new Float64Array(input.length).fill(Number.NaN);
  await gaussianMixture(options).evaluate({ rows: levels.length, input, output, levels, labels: undefined });
  return output;
}

/** Pseudo-random normals, the same in every run. */
export function normals(seed: number) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return (out: Float64Array) => {
    for (let i = 0; i < out.length; i++)
      out[i] = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  };
}

export function drawn(count: number, seed = 1): Float64Array {
  const out = new Float64Array(count);
  normals(seed)(out);
  return out;
}

export function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}
