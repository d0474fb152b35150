// Data that scripts/recorded/frechet_scipy.py makes too, number for number.

export interface Recipe {
  readonly seed: number;
  readonly rows: number;
  readonly dimension: number;
  readonly decay: number;
  readonly common: number;
  readonly shift: number;
}

/** Uniform on (-1/2, 1/2): a 32-bit mix (Murmur3's finalizer) of the element's place. */
export function noise(seed: number, length: number): Float64Array {
  const offset = Math.imul(seed, 0x9e3779b9);
  return Float64Array.from({ length }, (_, at) => {
    let x = (at + offset) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (((x ^ (x >>> 16)) >>> 0) + 0.5) / 2 ** 32 - 0.5;
  });
}

/** Columns fall by 10^(-decay j / d), share a common factor, and are shifted. */
export function recipeRows({ seed, rows, dimension, decay, common, shift }: Recipe): Float64Array {
  const factor = noise(seed + 1, rows);
  return noise(seed, rows * dimension).map((value, at) => {
    const [row, j] = [Math.floor(at / dimension), at % dimension];
    return 10 ** ((-decay * j) / dimension) * (value + common * factor[row]!) + shift;
  });
}
