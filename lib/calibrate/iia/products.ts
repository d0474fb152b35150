import { gram, type Vector } from "../../native/index.js";

/** Most vectors in one call of gram. */
const most = 6;

/** All inner products of n vectors, summed over samples: n × n, row by row. */
export class Products {
  readonly sums: Float64Array;
  /** Members whose products with each other, or with those of another block, come from one call. */
  readonly #blocks: number[][];
  #packed = new Float64Array(0);

  constructor(readonly count: number) {
    this.sums = new Float64Array(count * count);
    const size = count <= most ? most : most / 2;
    this.#blocks = Array.from({ length: Math.ceil(count / size) }, (_, b) =>
      Array.from({ length: Math.min(size, count - b * size) }, (_, k) => b * size + k),
    );
  }

  /** Adds samples, one after the other: the sums do not depend on how they are divided into batches. */
  add(vectors: readonly Vector[], rows: number): void {
    for (const [b, block] of this.#blocks.entries()) {
      this.#addProducts(vectors, rows, block, block);
      for (const other of this.#blocks.slice(b + 1)) this.#addProducts(vectors, rows, block, other);
    }
  }

  #addProducts(vectors: readonly Vector[], rows: number, left: readonly number[], right: readonly number[]) {
    const members = [...new Set([...left, ...right])];
    const pairs = (members.length * (members.length + 1)) / 2;
    if (this.#packed.length !== rows * pairs) this.#packed = new Float64Array(rows * pairs);
    gram(
      this.#packed,
      members.map((k) => vectors[k]!),
      rows,
    );
    let pair = 0;
    for (const [a, i] of members.entries()) {
      for (const j of members.slice(a)) {
        if (left.includes(i) && right.includes(j)) this.#addPair(i, j, pair, pairs, rows);
        pair++;
      }
    }
  }

  #addPair(i: number, j: number, pair: number, pairs: number, rows: number): void {
    const at = i * this.count + j;
    for (let row = 0; row < rows; row++) this.sums[at]! += this.#packed[row * pairs + pair]!;
    this.sums[j * this.count + i] = this.sums[at]!;
  }
}
