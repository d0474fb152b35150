import { QuenchError, requireArgument } from "../errors.js";
import type { Level, Process } from "../process/index.js";
import { roundHalfEven } from "./round-half-even.js";
import type { Rule } from "./schedule.js";

/** Timesteps of a discrete process, noisiest first, for `nodes` levels out of `trained`. Halves round as in NumPy. */
type Spacing = (trained: number, nodes: number) => number[];

/** Every k-th timestep from 0 (Ho et al. 2020, DDIM; Lin et al. 2024, Table 2). */
export const leadingSpacing: Spacing = (trained, nodes) => {
  const stride = Math.floor(trained / nodes);
  return Array.from({ length: nodes }, (_, i) => (nodes - 1 - i) * stride);
};

/** Every k-th timestep from the noisiest down (Lin et al. 2024, Table 2). */
export const trailingSpacing: Spacing = (trained, nodes) =>
  Array.from({ length: nodes }, (_, i) => roundHalfEven(trained - (i * trained) / nodes) - 1);

/** Evenly from the noisiest to 0, both included (Lin et al. 2024, Table 2). */
export const linspaceSpacing: Spacing = (trained, nodes) =>
  Array.from({ length: nodes }, (_, i) =>
    nodes === 1 ? trained - 1 : roundHalfEven(((nodes - 1 - i) * (trained - 1)) / (nodes - 1)),
  );

/**
 * Levels at the timesteps of a spacing over the whole table. Those outside a range that is asked for are moved to its
 * end, one timestep apart.
 */
export function timestepRule(name: string, spacing: Spacing): Rule {
  return (process, from, to, intervals) => {
    const trained = timestepsOf(process, `schedule "${name}"`);
    requireTimesteps(intervals + 1, trained);
    const [low, high] = [levelTimestep(process, to), levelTimestep(process, from)];
    const timesteps = spacing(trained, intervals + 1).map((n) => Math.min(Math.max(n, low), high));
    return separate(timesteps, trained).map((n) => timestepLevel(process, n));
  };
}

/**
 * Moves levels to the nearest timesteps of a discrete process and apart where two would share one, so that a model
 * that takes integer times is told what the solver reckons with. A level without noise stays.
 * @throws QuenchError INVALID_ARGUMENT on other processes, and for more levels than timesteps
 */
export function atIntegerTimesteps(process: Process, levels: readonly Level[]): Level[] {
  const trained = timestepsOf(process, "integer timesteps");
  const noisy = levels.filter(({ sigma }) => sigma > 0);
  requireTimesteps(noisy.length, trained);
  const nearest = noisy.map((level) => levelTimestep(process, level));
  const placed = separate(nearest, trained).map((n) => timestepLevel(process, n));
  return [...placed, ...levels.slice(noisy.length)];
}

/**
 * The nearest trained timesteps of levels, each once, where a denoiser's times are integers; for others the levels.
 */
export function atTrainedTimesteps(
  { process, integerTimes }: { readonly process: Process; readonly integerTimes?: boolean },
  levels: readonly Level[],
): readonly Level[] {
  if (!integerTimes || !process.alphasCumulative) return levels;
  const timesteps = new Set(levels.map((level) => levelTimestep(process, level)));
  return Array.from(timesteps, (n) => timestepLevel(process, n));
}

/** A grid that ends at σ_min has a level more than steps: one that ends at zero may have a step for every timestep. */
function requireTimesteps(levels: number, trained: number): void {
  requireArgument(
    levels <= trained,
    "steps",
    () =>
      `the grid's ${levels} noisy levels do not fit on the model's ${trained} timesteps: at most ${trained} steps to ` +
      `zero (final "zero"), or ${trained - 1} to the model's least noise`,
  );
}

function timestepsOf(process: Process, what: string): number {
  if (process.alphasCumulative) return process.alphasCumulative.length;
  throw new QuenchError(
    "INVALID_ARGUMENT",
    `${what}: the process "${process.type}" has no timesteps, only "vp-discrete" has`,
    {
      where: "grid",
    },
  );
}

function levelTimestep(process: Process, { modelTime }: Level): number {
  return Math.min(Math.max(Math.round(modelTime), 0), timestepsOf(process, "integer timesteps") - 1);
}

/** Timestep n sits at t = (n + 1)/N. */
function timestepLevel(process: Process, timestep: number): Level {
  return process.at((timestep + 1) / timestepsOf(process, "integer timesteps"));
}

/** Strictly decreasing integers near the given non-increasing ones, all in [0, count). */
function separate(timesteps: readonly number[], count: number): number[] {
  const result = [...timesteps];
  for (let i = 0; i < result.length; i++) {
    const above = i === 0 ? count : result[i - 1]!;
    result[i] = Math.min(result[i]!, above - 1);
  }
  for (let i = result.length - 1; i >= 0; i--) {
    const below = i === result.length - 1 ? -1 : result[i + 1]!;
    result[i] = Math.max(result[i]!, below + 1);
  }
  return result;
}
