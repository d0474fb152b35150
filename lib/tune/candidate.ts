import { parse } from "../checks/validate.js";
import type { Denoiser } from "../denoiser/index.js";
import { callsOf } from "../engine/index.js";
import { QuenchError } from "../errors.js";
import { atScaledSigma, type Level, type Process, scaledSigma } from "../process/index.js";
import { atIntegerTimesteps, type GridMaker } from "../schedule/index.js";
import { findSolver } from "../solver/index.js";
import { drawn, type Subject } from "./subject.js";

export type SolverChoice = { readonly name: string; readonly [option: string]: unknown };

/** The nodes themselves, noisy to clean: scaled noise levels, or times where levels alone do not say them exactly. */
export type ExplicitGrid = { sigma: number[] } | { t: number[] };

/** A way to draw samples. Its grid is explicit, so that what is measured is what a preset will draw. */
export interface Candidate {
  readonly solver: SolverChoice;
  readonly steps: number;
  readonly grid: ExplicitGrid;
  /** Model calls per sample. */
  readonly nfe: number;
  /** Where it comes from, for people. */
  readonly origin: string;
}

/** Models that know whole timesteps only, and processes that begin at pure noise, are told times. */
export function explicitGrid(
  { process, integerTimes }: Pick<Denoiser, "process" | "integerTimes">,
  levels: readonly Level[],
): ExplicitGrid {
  const byTime = (integerTimes && process.alphasCumulative) || !Number.isFinite(scaledSigma(levels[0]!));
  return byTime ? { t: levels.map(({ t }) => t) } : { sigma: levels.map(scaledSigma) };
}

/** The scaled noise levels of an explicit grid. A process's time 0 is clean, whatever its table says beyond its end. */
export function sigmasOf(process: Process, grid: ExplicitGrid): number[] {
  if ("sigma" in grid) return grid.sigma;
  return grid.t.map((t) => (t === 0 ? 0 : scaledSigma(process.at(t))));
}

/** The levels of scaled noise levels, where the model knows them. */
export function levelsAt(
  { process, integerTimes }: Pick<Denoiser, "process" | "integerTimes">,
  sigmas: readonly number[],
): Level[] {
  const levels = sigmas.map((sigma) => levelAt(process, sigma));
  return integerTimes && process.alphasCumulative ? atIntegerTimesteps(process, levels) : levels;
}

function levelAt(process: Process, sigma: number): Level {
  if (sigma === 0) return process.clean;
  return sigma === Infinity ? process.at(process.tStart) : atScaledSigma(process, sigma);
}

/**
 * The solver on a grid, in as many steps as the subject's calls allow; undefined where they allow none, or where
 * solver, grid and process do not go together.
 */
export async function candidateFor(
  subject: Subject,
  solver: SolverChoice,
  make: GridMaker,
  origin: string,
): Promise<Candidate | undefined> {
  const { denoiser, nfe: most } = subject;
  const { name, ...given } = solver;
  const definition = findSolver(name);
  const options = parse(definition.options, given, `solver.${name}`);
  // A first call that is saved allows a step more.
  for (let steps = most + 1; steps >= 1; steps--) {
    // Single-step solvers take an explicit grid's nodes for their evaluations, or for their steps.
    for (const maker of [make, definition.grid && ownGrid(definition.grid)]) {
      const found = maker && (await possible(subject, { solver, steps, origin }, () => maker(steps).levels));
      if (found && found.nfe <= most) return found;
    }
  }
  return undefined;

  function ownGrid(grid: NonNullable<typeof definition.grid>): GridMaker {
    const own = (intervals: number) => grid(make, intervals, options, denoiser.process);
    return Object.assign(own, { toZero: make.toZero });
  }
}

/** The candidate on some levels; undefined where these cannot be made, or do not go together with its solver and steps. */
export async function possible(
  subject: Subject,
  { solver, steps, origin }: Omit<Candidate, "grid" | "nfe">,
  levels: () => readonly Level[],
): Promise<Candidate | undefined> {
  const { denoiser } = subject;
  try {
    const grid = explicitGrid(denoiser, levels());
    const nfe = await callsOf(denoiser, { ...drawn(subject, 0n, 0, 1), solver, steps, grid });
    return { solver, steps, grid, nfe, origin };
  } catch (error) {
    if (error instanceof QuenchError && error.code === "INVALID_ARGUMENT") return undefined;
    throw error;
  }
}
