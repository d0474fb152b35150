// What the schedule experiments share. They run on the compiled library: npm run build:lib first.
import { gaussianMixture, imagesInMemory, measureRisk, sampleMixture, worlds } from "../../../dist/index.js";
import { normals } from "../../../dist/native/index.js";

/** Standard normals of a seed, for sampleMixture. */
export function normalSource(seed) {
  let drawn = 0;
  return (out) => {
    normals(out, BigUint64Array.of(BigInt(seed)), BigUint64Array.of(0n), 9, drawn);
    drawn += out.length;
  };
}

/** A world's exact denoiser and its measured risk. */
export async function worldWithRisk(name, process, images, levels = 128) {
  const world = worlds[name];
  const denoiser = gaussianMixture({ ...world, process });
  const data = sampleMixture(world, images, normalSource(1));
  const risk = await measureRisk(denoiser, imagesInMemory(data, data.length / images, `${images} samples`), {
    levels,
    batch: 4096,
  });
  return { world, denoiser, risk };
}

/** Lehmer's generator: uniform numbers in (0, 1), the same in every run. */
export function uniform(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
