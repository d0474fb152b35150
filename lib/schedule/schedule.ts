import type { Level, Process } from "../process/index.js";

/**
 * A rule that places noise levels: `intervals` + 1 of them from `from` (noisier) to `to` (cleaner). Rules that choose
 * among given levels may begin and end at others.
 */
export type Rule = (process: Process, from: Level, to: Level, intervals: number) => Level[];

/** A time to be uniform in: a function of the noise level, rising or falling throughout, and its inverse. */
export interface GridTime {
  of(level: Level): number;
  at(time: number): Level;
}

/** The time of a grid between two levels, which may be fitted to them. */
export type TimeBetween = (process: Process, from: Level, to: Level) => GridTime;

/** Both ends exactly, and between them nodes uniform in a time that need not be these ends' own. */
export function placeUniformly(time: GridTime, from: Level, to: Level, intervals: number): Level[] {
  const [start, end] = [time.of(from), time.of(to)];
  return Array.from({ length: intervals + 1 }, (_, i) =>
    i === 0 ? from : i === intervals ? to : time.at(interpolate(start, end, i / intervals)),
  );
}

/** The rule of schedules that are uniform in a time. */
export function uniformIn(time: TimeBetween): Rule {
  return (process, from, to, intervals) => placeUniformly(time(process, from, to), from, to, intervals);
}

export function interpolate(a: number, b: number, fraction: number): number {
  return a + (b - a) * fraction;
}
