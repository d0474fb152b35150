import { createHash } from "node:crypto";
import { z } from "zod";
import { modelRowsPerSample, type SampleRequest, sample } from "../engine/index.js";
import { QuenchError } from "../errors.js";
import type { Vector } from "../native/index.js";
import type { Process } from "../process/index.js";
import { sizeOf } from "../shape.js";
import type { Candidate } from "./candidate.js";
import { drawn, type Subject } from "./subject.js";
import type { Outcome, Work } from "./work.js";

/** Steps of the trajectories that count as exact; docs/tune.md has their own error. */
export const accurateSteps = 40;

/** Pure noise has no finite level that EDM's grid could begin at. */
function accurateRequest(process: Process): SampleRequest {
  const finite = Number.isFinite(process.at(process.tStart).lambda);
  const grid = finite ? ({ schedule: "edm", final: "zero" } as const) : "time-uniform";
  return { solver: "dpm-solver++-3m", steps: accurateSteps, grid };
}

/** Draws what is compared, each piece once in a search, however often that was killed. */
export class Meter {
  readonly #truth: Float32Array[] = [];

  constructor(
    readonly subject: Subject,
    readonly work: Work,
  ) {}

  /** Numbers of one sample in the space where errors are measured. */
  get size(): number {
    const { space, judge, denoiser } = this.subject;
    return space === "features" ? judge!.dimension : sizeOf(denoiser.shape);
  }

  /**
   * Mean square errors of a candidate's samples [first, first + count), each to the end of the model's own accurate
   * trajectory from its noise; Infinity where the candidate diverges.
   */
  async errors(candidate: Candidate, first: number, count: number): Promise<number[]> {
    const squares: number[] = [];
    for (const [begin, rows] of this.#parts(first, count)) {
      const truth = await this.truth(begin, rows);
      const key = `errors ${nameOf(candidate)} ${begin}+${rows}`;
      const found = await this.work.remember(key, z.array(z.number()).nullable(), async () => {
        const { rows: cost, value } = await this.draw(candidate, this.subject.seed, begin, rows);
        return { rows: cost, value: value && meanSquares(value, truth, rows) };
      });
      if (!found) return new Array<number>(count).fill(Infinity);
      squares.push(...found);
    }
    return squares;
  }

  /** Features of a candidate's samples [0, count) of a seed of their own; undefined where it or they diverge. */
  async features(candidate: Candidate, count: number): Promise<Float32Array | undefined> {
    const { seed, judge } = this.subject;
    const all = new Float32Array(count * judge!.dimension);
    for (const [begin, rows] of this.#parts(0, count)) {
      const key = `features ${nameOf(candidate)} ${begin}+${rows}`;
      const kept = await this.work.remember(key, z.string().nullable(), async () => {
        const { rows: cost, value } = await this.#samples(candidate, (seed + 1n) % 2n ** 64n, begin, rows);
        return { rows: cost, value: value && packed(await judge!.extract(value)) };
      });
      if (!kept) return undefined;
      all.set(unpacked(kept), begin * judge!.dimension);
    }
    return all.every(Number.isFinite) ? all : undefined;
  }

  /** Where samples [first, first + count) end on the model's own accurate trajectories, in the space of errors. */
  async truth(first: number, count: number): Promise<Float32Array> {
    const { seed, batch, denoiser } = this.subject;
    const whole = Math.ceil((first + count) / batch);
    while (this.#truth.length < whole) {
      const begin = this.#truth.length * batch;
      const kept = await this.work.remember(`truth ${begin}+${batch}`, z.string(), async () => {
        const request = accurateRequest(denoiser.process);
        const { data, nfe } = await sample(denoiser, {
          ...drawn(this.subject, seed, begin, batch),
          ...request,
        });
        return {
          rows: nfe * batch * modelRowsPerSample(this.subject.guidance),
          value: packed(await this.#placed(data)),
        };
      });
      this.#truth.push(unpacked(kept));
    }
    const part = Math.floor(first / batch);
    const at = (first - part * batch) * this.size;
    return this.#truth[part]!.subarray(at, at + count * this.size);
  }

  /** The candidate's samples [first, first + count) in the space of errors; null where it diverges. */
  async draw(
    candidate: Candidate,
    seed: bigint,
    first: number,
    count: number,
  ): Promise<Outcome<Float32Array | null>> {
    const { rows, value } = await this.#samples(candidate, seed, first, count);
    return { rows, value: value && (await this.#placed(value)) };
  }

  async #samples(
    { solver, steps, grid, nfe }: Candidate,
    seed: bigint,
    first: number,
    count: number,
  ): Promise<Outcome<Vector | null>> {
    const rows = nfe * count * modelRowsPerSample(this.subject.guidance);
    try {
      const request = { ...drawn(this.subject, seed, first, count), solver, steps, grid };
      const { data } = await sample(this.subject.denoiser, request);
      return { rows, value: data.every(Number.isFinite) ? data : null };
    } catch (error) {
      // A state that blew up makes the model fail too.
      if (error instanceof QuenchError && error.code === "MODEL_FAILED") return { rows, value: null };
      throw error;
    }
  }

  async #placed(samples: Vector): Promise<Float32Array> {
    const { space, judge } = this.subject;
    return space === "features" ? judge!.extract(samples) : Float32Array.from(samples);
  }

  /** [first, count] of the batches that samples [first, first + count) lie in: none crosses a batch's end. */
  #parts(first: number, count: number): [number, number][] {
    const { batch } = this.subject;
    const parts: [number, number][] = [];
    for (let at = first; at < first + count; ) {
      const end = Math.min(first + count, (Math.floor(at / batch) + 1) * batch);
      parts.push([at, end - at]);
      at = end;
    }
    return parts;
  }
}

/**
 * Short for a candidate, whatever it is called. The last digits of its grid do not count: levels that are made anew
 * from a grid's numbers differ in these.
 */
export function nameOf({ solver, steps, grid }: Candidate): string {
  const numbers = ("sigma" in grid ? grid.sigma : grid.t).map((number) => number.toPrecision(10));
  const said = JSON.stringify([solver, steps, Object.keys(grid), numbers]);
  return createHash("sha256").update(said).digest("hex").slice(0, 24);
}

/** Of candidates that are the same, the first. */
export function distinct(all: readonly Candidate[]): Candidate[] {
  return [
    ...new Map(all.toReversed().map((candidate) => [nameOf(candidate), candidate])).values(),
  ].toReversed();
}

function meanSquares(values: Float32Array, truth: Float32Array, rows: number): number[] {
  const size = values.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = row * size; i < (row + 1) * size; i++) sum += (values[i]! - truth[i]!) ** 2;
    return sum / size;
  });
}

function packed({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

function unpacked(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);
}
