import type { Candidate } from "./candidate.js";
import type { Meter } from "./measure.js";

/** A candidate with the mean square errors of the samples it has drawn so far. */
export interface Ranked {
  readonly candidate: Candidate;
  readonly squares: readonly number[];
}

/** Root mean square error. */
export function rootMean(squares: readonly number[]): number {
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

/** Draws of each until it has so many samples, and ranks them: least error first, ties as they came. */
export async function ranked(meter: Meter, all: readonly Ranked[], samples: number): Promise<Ranked[]> {
  const measured: Ranked[] = [];
  for (const { candidate, squares } of all) {
    const more = samples - squares.length;
    const found = more > 0 ? await meter.errors(candidate, squares.length, more) : [];
    measured.push({ candidate, squares: [...squares, ...found] });
  }
  return measured.sort((a, b) => compare(rootMean(a.squares), rootMean(b.squares)));
}

/** Infinity equals itself. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

export interface Rung {
  /** Candidates that go on to it. */
  readonly count: number;
  /** Samples that each has afterwards. */
  readonly samples: number;
}

/**
 * A third as many candidates on twice as many samples, until so few are left: successive halving, in thirds.
 * @param most no candidate draws more samples
 */
export function rungs(candidates: number, samples: number, left: number, most: number): Rung[] {
  const all: Rung[] = [];
  for (let [count, each] = [candidates, samples]; count > left; ) {
    [count, each] = [Math.max(left, Math.ceil(count / 3)), Math.min(most, 2 * each)];
    all.push({ count, samples: each });
  }
  return all;
}

/** Draws of all rungs together, after the first round. */
export function samplesOf(ladder: readonly Rung[], first: number): number {
  return ladder.reduce(
    (sum, { count, samples }, i) => sum + count * (samples - (ladder[i - 1]?.samples ?? first)),
    0,
  );
}
