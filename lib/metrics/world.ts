import type { MixtureWorld } from "../denoiser/index.js";

/** Numbers of one sample. */
export function worldSize({ shape }: MixtureWorld): number {
  return shape.reduce((product, length) => product * length, 1);
}
