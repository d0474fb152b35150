import { mkdtempSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeError } from "../../io/index.js";

/**
 * Memory that many runs use in turn. Each is lent the same vectors, in the order it asks for them; while others have
 * their turn its contents lie in a temporary file. So memory does not grow with the number of runs, and none is ever
 * begun anew: a solver that waits between two steps holds nothing but references.
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

  /**
   * @param length the longest vector that will be asked for
   * @throws QuenchError WRITE_FAILED where the system's temporary folder takes no file; borrowers, where it is full
   */
  static async open(length: number, runs: number): Promise<Turns> {
    let folder: string | undefined;
    try {
      folder = mkdtempSync(join(tmpdir(), "quench-iia-"));
      return new Turns(await open(join(folder, "runs"), "w+"), folder, length, runs);
    } catch (cause) {
      if (folder) rmSync(folder, { recursive: true, force: true });
      throw writeError(tmpdir(), cause);
    }
  }

  /** The memory of one run, its vectors of a given length. */
  borrower(run: number, length: number): Borrower {
    let lent = 0;
    const each = async (move: (bytes: Uint8Array, place: number) => Promise<number>) => {
      for (let k = 0; k < lent; k++) {
        const { buffer } = this.#vectors[k]!;
        const bytes = new Uint8Array(buffer, 0, length * Float32Array.BYTES_PER_ELEMENT);
        const place = (k * this.runs + run) * this.length * Float32Array.BYTES_PER_ELEMENT;
        await this.#wholly(bytes, place, move);
      }
    };
    return {
      vector: () => {
        if (lent === this.#vectors.length) this.#vectors.push(new Float32Array(this.length));
        return this.#vectors[lent++]!.subarray(0, length);
      },
      resume: () =>
        each(async (bytes, place) => (await this.#file.read(bytes, 0, bytes.length, place)).bytesRead),
      suspend: () =>
        each(async (bytes, place) => (await this.#file.write(bytes, 0, bytes.length, place)).bytesWritten),
    };
  }

  /** A call may move a part alone: what is left of a full disk, say. */
  async #wholly(
    bytes: Uint8Array,
    place: number,
    move: (bytes: Uint8Array, place: number) => Promise<number>,
  ): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const moved = await move(bytes.subarray(done), place + done);
        if (moved === 0) throw new Error("the file ended early");
        done += moved;
      }
    } catch (cause) {
      throw writeError(this.#folder, cause);
    }
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
