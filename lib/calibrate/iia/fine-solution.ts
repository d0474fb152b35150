import { within } from "../../engine/index.js";
import type { Level, Process } from "../../process/index.js";
import type { GridMaker } from "../../schedule/index.js";
import type { Run, SolverDefinition, Step } from "../../solver/index.js";

/** How a step is solved finely: by M sub-steps of the base solver. */
export interface FineSolver {
  readonly base: SolverDefinition;
  readonly options: Record<string, unknown>;
  readonly substeps: number;
  /** Whether the model knows whole timesteps only. */
  readonly integerTimes: boolean;
}

/** The base's options without what a sampler does for its first and last steps' sake. */
export function inner(options: Record<string, unknown>): Record<string, unknown> {
  const atEnds = { lowerOrderFinal: false, analyticFirstStep: false };
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, name in atEnds ? false : value]),
  );
}

/**
 * Solves one step from its start by a run of the base solver of its own, uniform in the process's time (IIA App. D.1):
 * multi-step solvers begin without a history.
 * @param run gives vectors for this solution alone
 * @param x the state at the step's start; afterwards at its end
 */
export async function solveFinely(
  run: Run,
  x: Run["x"],
  { from, to }: Step,
  { base, options, substeps, integerTimes }: FineSolver,
): Promise<void> {
  const levels = (intervals: number) => uniformLevels(run.process, from, to, intervals, integerTimes);
  const make: GridMaker = Object.assign(
    (intervals: number) => ({ levels: levels(intervals), rule: run.grid.rule, name: "fine" }),
    { toZero: to.sigma === 0 },
  );
  // As many as there are levels for: a solver's own grid counts on what it asks for.
  let possible = substeps;
  while (levels(possible).length - 1 < possible) possible = levels(possible).length - 1;
  const grid = base.grid ? base.grid(make, possible, options, run.process) : make(possible);
  for await (const _ of base.sample(within(run, x, grid), options));
}

function uniformLevels(
  process: Process,
  from: Level,
  to: Level,
  intervals: number,
  integerTimes: boolean,
): Level[] {
  const timesteps = integerTimes ? process.alphasCumulative?.length : undefined;
  // A step to σ = 0 leaves a table of timesteps: below its first one there is neither a level nor a model.
  const least = process.alphasCumulative ? Math.max(to.t, process.tEnd) : to.t;
  const between = Array.from({ length: intervals - 1 }, (_, k) => {
    const t = from.t + ((to.t - from.t) * (k + 1)) / intervals;
    return timesteps === undefined ? t : Math.round(t * timesteps) / timesteps;
  });
  // Between neighbouring timesteps there may be fewer than were asked for.
  const distinct = between.filter((t, k) => t < (between[k - 1] ?? from.t) && t > least);
  return [from, ...distinct.map((t) => process.at(t)), to];
}
