import type { Run } from "../../solver/index.js";

/** Most vectors in one call of gram. */
const most = 6;

/** All inner products of n vectors, summed over samples: n × n, row by row. */
export class Products {
  readonly sums: Float64Array;
  /** Members whose products with each other, or with those of another block, come from one call. */
  readonly #blocks: number[][];

  constructor(readonly count: number) {
    this.sums = new Float64Array(count * count);
    const size = count <= most ? most : most / 2;
    this.#blocks = Array.from({ length: Math.ceil(count / size) }, (_, b) =>
      Array.from({ length: Math.min(size, count - b * size) }, (_, k) => b * size + k),
    );
  }

  /** Adds samples, one after the other: the sums do not depend on how they are divided into batches. */
  add(run: Run, vectors: readonly Run["x"][]): void {
    for (const [b, block] of this.#blocks.entries()) {
      this.#addProducts(run, vectors, block, block);
      for (const other of this.#blocks.slice(b + 1)) this.#addProducts(run, vectors, block, other);
    }
  }

  #addProducts(run: Run, vectors: readonly Run["x"][], left: readonly number[], right: readonly number[]) {
    const members = [...new Set([...left, ...right])];
    const packed = run.gram(
      members.map((k) => vectors[k]!),
      run.rows,
    );
    const pairs = packed.length / run.rows;
    let pair = 0;
    for (const [a, i] of members.entries()) {
      for (const j of members.slice(a)) {
        if (left.includes(i) && right.includes(j)) {
          for (let row = 0; row < run.rows; row++) this.#add(i, j, packed[row * pairs + pair]!);
        }
        pair++;
      }
    }
  }

  #add(i: number, j: number, product: number): void {
    this.sums[i * this.count + j]! += product;
    if (i !== j) this.sums[j * this.count + i]! += product;
  }
}
