// What the schedule experiments share. They run on the compiled library: npm run build:lib first.
import { mkdirSync, writeFileSync } from "node:fs";
import { gaussianMixture, imagesInMemory, measureRisk, sampleMixture, worlds } from "../../../dist/index.js";
import { normals } from "../../../dist/native/index.js";

const results = new URL("./results/", import.meta.url);

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

/** Writes results/NAME.json with the command that made it. */
export function save(name, content) {
  mkdirSync(results, { recursive: true });
  const command =
    `node scripts/experiments/schedules/${name}.mjs ${globalThis.process.argv.slice(2).join(" ")}`.trim();
  writeFileSync(new URL(`${name}.json`, results), `${JSON.stringify({ command, ...content }, null, 1)}\n`);
}

/** The value of --NAME in the arguments, or a default. */
export function option(name, value) {
  const at = globalThis.process.argv.indexOf(`--${name}`);
  return at < 0 ? value : globalThis.process.argv[at + 1];
}

export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
export const deviation = (values) => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / Math.max(1, values.length - 1));
};

/** Lehmer's generator: uniform numbers in (0, 1), the same in every run. */
export function uniform(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
