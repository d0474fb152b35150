import { mkdtempSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Memory that many runs use in turn. Each is lent the same vectors, in the order it asks for them; while others have their
 * turn its contents lie in a temporary file. So memory does not grow with the number of runs, and none is ever begun
 * anew: a solver that waits between two steps holds nothing but references.
 */
export class Turns {
  readonly #file: FileHandle;
  readonly #folder: string;
  readonly #vectors: Float32Array[] = [];

  private constructor(
    file: FileHandle,
    folder: string,
    readonly length: number,
    readonly runs: number,
  ) {
    this.#file = file;
    this.#folder = folder;
  }

  /** @param length the longest vector that will be asked for */
  static async open(length: number, runs: number): Promise<Turns> {
    const folder = mkdtempSync(join(tmpdir(), "quench-iia-"));
    return new Turns(await open(join(folder, "runs"), "w+"), folder, length, runs);
  }

  /** The memory of one run, its vectors of a given length. */
  borrower(run: number, length: number): Borrower {
    let lent = 0;
    const each = async (move: (bytes: Uint8Array, place: number) => Promise<unknown>) => {
      for (let k = 0; k < lent; k++) {
        const { buffer } = this.#vectors[k]!;
        const place = (k * this.runs + run) * this.length * Float32Array.BYTES_PER_ELEMENT;
        await move(new Uint8Array(buffer, 0, length * Float32Array.BYTES_PER_ELEMENT), place);
      }
    };
    return {
      vector: () => {
        if (lent === this.#vectors.length) this.#vectors.push(new Float32Array(this.length));
        return this.#vectors[lent++]!.subarray(0, length);
      },
      resume: () => each((bytes, place) => this.#file.read(bytes, 0, bytes.length, place)),
      suspend: () => each((bytes, place) => this.#file.write(bytes, 0, bytes.length, place)),
    };
  }

  async close(): Promise<void> {
    await this.#file.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export interface Borrower {
  /** The next vector. Its contents are the run's own between `resume` and `suspend`. */
  vector(): Float32Array;
  resume(): Promise<void>;
  suspend(): Promise<void>;
}
