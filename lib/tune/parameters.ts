import { scaledSigma } from "../process/index.js";
import type { IiaArtifact } from "../solver/index.js";
import { type Candidate, explicitGrid, levelsAt, sigmasOf } from "./candidate.js";
import type { Subject } from "./subject.js";

/** Candidates that differ in a few numbers. */
export interface Family {
  readonly start: readonly number[];
  readonly widths: readonly number[];
  readonly reach: readonly number[];
  /** @param origin what to say of it */
  candidate(parameters: readonly number[], origin: string): Candidate;
}

/** Half-width of differences in ln of a gap between levels; whole timesteps are far apart. */
const levelWidth = 0.02;
const timestepWidth = 0.1;
const levelReach = 0.7;
const coefficientWidth = 0.01;
const coefficientReach = 0.3;

/**
 * A candidate with its noise levels free: ln of the first one below the process's noisiest, and ln of every gap
 * between levels in ln σ̃, so that levels stay in order. A last level of zero and a first one of pure noise stay.
 */
export function freeLevels({ denoiser }: Subject, from: Candidate): Family {
  const { process } = denoiser;
  const sigmas = sigmasOf(process, from.grid);
  const bounded = sigmas.filter((sigma) => sigma > 0 && Number.isFinite(sigma)).map(Math.log);
  const pure = sigmas.filter((sigma) => !Number.isFinite(sigma));
  const clean = sigmas.filter((sigma) => sigma === 0);
  const [top, bottom] = [process.at(process.tStart), process.at(process.tEnd)].map((level) =>
    Math.log(scaledSigma(level)),
  ) as [number, number];
  const highest = pure.length > 0 ? bounded[0]! : top;
  const gaps = bounded.slice(1).map((log, i) => Math.log(bounded[i]! - log));
  const width = denoiser.integerTimes ? timestepWidth : levelWidth;
  const each = <T>(value: T): T[] => bounded.map(() => value);
  return {
    start: [bounded[0]! - highest, ...gaps],
    // The first level moves down only: a difference upwards might leave the process.
    widths: [-width, ...each(width).slice(1)],
    reach: each(levelReach),
    candidate([first, ...rest], origin) {
      const begin = pure.length > 0 ? highest + first! : Math.min(highest + first!, top);
      const lengths = rest.map(Math.exp);
      const total = lengths.reduce((sum, length) => sum + length, 0);
      // Gaps that together lead below the cleanest level that the model knows are all made shorter.
      const lowest = Math.min(bottom, bounded.at(-1)!);
      const scale = total === 0 ? 1 : Math.min(1, (begin - lowest) / total);
      let log = begin;
      const placed = [begin, ...lengths.map((length) => (log -= scale * length))].map(Math.exp);
      const levels = levelsAt(denoiser, [...pure, ...placed, ...clean]);
      return { ...from, grid: explicitGrid(denoiser, levels), origin };
    },
  };
}

/** A candidate with measured coefficients, these and its levels free. */
export function freeCoefficients(subject: Subject, from: Candidate, artifact: IiaArtifact): Family {
  const levels = freeLevels(subject, from);
  const { denoiser } = subject;
  const found = artifact.steps.flatMap(({ coefficients }) => coefficients);
  const own = levels.start.length;
  return {
    start: [...levels.start, ...found],
    widths: [...levels.widths, ...found.map(() => coefficientWidth)],
    reach: [...levels.reach, ...found.map(() => coefficientReach)],
    candidate(parameters, origin) {
      const placed = levels.candidate(parameters.slice(0, own), origin);
      let at = own;
      const steps = artifact.steps.map((step) => ({
        ...step,
        coefficients: step.coefficients.map(() => parameters[at++]!),
      }));
      const { request: _, ...grid } = artifact.grid;
      const sigma = sigmasOf(denoiser.process, placed.grid);
      const coefficients: IiaArtifact = { ...artifact, grid: { ...grid, sigma }, refined: true, steps };
      return { ...placed, solver: { ...artifact.solver, coefficients } };
    },
  };
}
