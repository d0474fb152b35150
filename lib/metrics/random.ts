import { requireInteger } from "../errors.js";
import { normals } from "../native/index.js";

/** Stream of the counter-based normals (native/kernels/philox.h) that metrics draw from; samplers use others. */
const stream = 0x6d657472;

/** @throws QuenchError INVALID_ARGUMENT unless the seed is a whole number that a double holds exactly */
export function requireSeed(seed: number): void {
  requireInteger(seed, "seed", { least: 0, most: Number.MAX_SAFE_INTEGER });
}

/** Standard normals `first`, `first` + 1, ... of a seed's sequence. */
export function seededNormals(length: number, seed: number, first = 0): Float64Array {
  requireSeed(seed);
  const values = new Float64Array(length);
  if (length > 0) normals(values, BigUint64Array.of(BigInt(seed)), BigUint64Array.of(0n), stream, first);
  return values;
}

/** Uniform numbers in (0, 1), `first` and on of a seed's sequence: exp(−(a² + b²)/2) of two normals is uniform. */
export function seededUniforms(length: number, seed: number, first = 0): Float64Array {
  const pairs = seededNormals(2 * length, seed, 2 * first);
  return Float64Array.from({ length }, (_, i) =>
    Math.exp(-0.5 * (pairs[2 * i]! ** 2 + pairs[2 * i + 1]! ** 2)),
  );
}
