import type { Level, Process } from "../process/index.js";

/**
 * A rule that places noise levels: `intervals` + 1 of them from `from` (noisier) to `to` (cleaner), both
 * included and kept exactly. Single-step solvers apply the same rule inside a step.
 */
export type Rule = (process: Process, from: Level, to: Level, intervals: number) => Level[];

/** Places the interior nodes by a function of the fraction i/N and keeps both ends exactly. */
export function placeBetween(
  from: Level,
  to: Level,
  intervals: number,
  node: (fraction: number) => Level,
): Level[] {
  return Array.from({ length: intervals + 1 }, (_, i) =>
    i === 0 ? from : i === intervals ? to : node(i / intervals),
  );
}

export function interpolate(a: number, b: number, fraction: number): number {
  return a + (b - a) * fraction;
}
