// Philox4x32-10 by the paper's definition in plain integers, and the normals that follow from its words in float64.

const mask = 0xffffffffn;

type Words = [bigint, bigint, bigint, bigint];

export function philox4x32(counter: Words, key: [bigint, bigint]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const first = 0xd2511f53n * c0;
    const second = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(second >> 32n) ^ c1 ^ k0, second & mask, (first >> 32n) ^ c3 ^ k1, first & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3];
}

/** Normal `element` of the sequence (seed, stream, sample). */
export function normalAt(seed: bigint, stream: number, sample: bigint, element: bigint): number {
  const block = element >> 2n;
  const key: [bigint, bigint] = [seed & mask, seed >> 32n];
  const words = philox4x32([block & mask, block >> 32n, BigInt(stream), sample], key);
  const place = Number(element & 3n);
  const [radiusWord, angleWord] = place < 2 ? [words[0], words[1]] : [words[2], words[3]];
  const radius = Math.sqrt(-2 * Math.log((Number(radiusWord) + 0.5) / 2 ** 32));
  const angle = (2 * Math.PI * Number(angleWord)) / 2 ** 32;
  return radius * (place % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
}
