import { requireArgument, requireInteger } from "../errors.js";
import {
  type BeamOptions,
  type ScheduleMethod,
  type ScheduleProblem,
  scheduleSearchBytes,
} from "../native/index.js";
import type { RiskCurve } from "./risk-curve.js";

export interface LasOptions {
  /**
   * "exact" (the default) is O(N K log K) for μ = 0 by a line envelope, else O(N K²) for p = 2 and O(N K² log K) for
   * other p; "plain" is the paper's O(N K²) program for μ = 0; "beam" the paper's heuristic for μ > 0.
   */
  readonly search?: "exact" | "plain" | "beam" | undefined;
  /** μ ≥ 0, the weight of Σ |h_k − h_{k−1}|^p over the steps h_k in ln SNR. Default 0. */
  readonly smoothness?: number | undefined;
  /** p ≥ 1. Default 2. */
  readonly exponent?: number | undefined;
  /**
   * c of the axis u = γ/(1 + γ/c); "inf" is the SNR γ itself, on which J bounds the KL divergence but the cleanest
   * levels, which nobody sees, take most of the steps. Default 10, for data of unit scale: good on everything in
   * docs/schedules.md and best on some; `quench schedule tune` finds better.
   */
  readonly axis?: number | "inf" | undefined;
  /** The artifact's own levels (the default), or so many placed uniformly in ln σ̃ and interpolated. */
  readonly candidates?: "measured" | number | undefined;
  readonly beam?: { readonly [K in keyof BeamOptions]?: number | undefined } | undefined;
}

/** A search that has been checked and only needs to be run. */
export interface LasSearch {
  readonly algorithm: ScheduleMethod;
  /** The candidates, noisy to clean. */
  readonly sigma: readonly number[];
  readonly problem: ScheduleProblem;
  readonly beam: BeamOptions;
  /** What is searched and how, for the record. */
  readonly described: {
    readonly method: "exact" | "plain" | "beam";
    readonly algorithm: ScheduleMethod;
    readonly candidates: number;
    readonly smoothness: number;
    readonly exponent: number;
    readonly axis: number | "inf";
    readonly ceiling: number | null;
    readonly monotone: boolean;
    /** Upper bound of what the search takes. */
    readonly bytes: number;
  };
}

/** A search on a thread of its own, or one that somebody waits for, as in a sample request. */
export type LasSetting = "threaded" | "waiting";

const mebibyte = 2 ** 20;
const byteLimits = { threaded: 1024 * mebibyte, waiting: 64 * mebibyte } as const;
/** Elementary operations, of about a nanosecond each. */
const workLimits = { threaded: Infinity, waiting: 2.5e8 } as const;
/** The least normal number: parabolas cross at quotients by the smoothness. What is less counts as none. */
const leastSmoothness = 2 ** -1022;
/** What the native search takes of a beam. */
const mostPaths = 2 ** 20;
/** How far a level may lie outside a range and still be meant by it: levels go through a logarithm and back. */
const slack = 1e-9;

/**
 * Sets up the search over the candidates in a range.
 * @throws QuenchError INVALID_ARGUMENT naming the option that is wrong or too much
 */
export function lasSearch(
  curve: RiskCurve,
  steps: number,
  [sigmaMin, sigmaMax]: readonly [number, number],
  options: LasOptions,
  setting: LasSetting,
): LasSearch {
  const { search = "exact", smoothness = 0, exponent = 2, axis = 10, candidates = "measured" } = options;
  const { width = 8, radius = 8, globals = 16 } = options.beam ?? {};
  const beam = { width, radius, globals };
  const expect = (condition: boolean, where: string, expected: string, received: unknown) =>
    requireArgument(condition, where, `expected ${expected}, received ${received}`);
  expect(smoothness >= 0 && smoothness < Infinity, "smoothness", "a finite number ≥ 0", smoothness);
  expect(exponent >= 1 && exponent < Infinity, "exponent", "a finite number ≥ 1", exponent);
  expect(axis === "inf" || axis > 0, "axis", 'a number > 0 or "inf"', axis);
  requireInteger(width, "beam.width", { most: mostPaths });
  requireInteger(radius, "beam.radius", { least: 0, most: mostPaths });
  requireInteger(globals, "beam.globals", { least: 0, most: mostPaths });
  expect(sigmaMin < sigmaMax, "sigmaMin", `a noise level below sigmaMax = ${sigmaMax}`, sigmaMin);
  requireArgument(
    search !== "plain" || smoothness === 0,
    "search",
    'the plain program has no smoothness term: use "exact"',
  );
  const levels = candidateLevels(curve, sigmaMin, sigmaMax, candidates);
  const most = levels.length - 1;
  const between = `${levels.length} candidate levels between ${sigmaMin} and ${sigmaMax}`;
  const possible = Number.isInteger(steps) && steps >= 1 && steps <= most;
  expect(possible, "steps", `an integer from 1 to ${most}, for there are ${between}`, steps);

  const algorithm = algorithmFor(search, smoothness);
  const bytes = scheduleSearchBytes(algorithm, levels.length, steps, beam);
  const work = operations(algorithm, levels.length, steps, exponent, beam);
  requireArgument(
    bytes <= byteLimits[setting] && work <= workLimits[setting],
    "candidates",
    `${steps} steps over ${levels.length} candidates take ${Math.ceil(bytes / mebibyte)} MiB and some ` +
      `${work.toExponential(0)} operations, more than ${byteLimits[setting] / mebibyte} MiB or ` +
      `${workLimits[setting].toExponential(1)}` +
      (setting === "waiting" ? "; search beforehand with lossAdaptiveSchedule() and pass its sigma" : ""),
  );
  const snr = levels.map(({ sigma }) => sigma ** -2);
  const c = axis === "inf" ? Infinity : axis;
  const problem = {
    risk: Float64Array.from(levels, ({ risk }) => risk),
    axis: Float64Array.from(snr, (gamma) => gamma / (1 + gamma / c)),
    logSnr: Float64Array.from(levels, ({ sigma }) => -2 * Math.log(sigma)),
    steps,
    smoothness,
    exponent,
  };
  requireArgument(
    Number.isFinite(largestObjective(problem)),
    "risk",
    "expected risks and noise levels whose sums are finite numbers",
  );
  return {
    algorithm,
    sigma: levels.map(({ sigma }) => sigma),
    problem,
    beam,
    described: {
      method: search,
      algorithm,
      candidates: levels.length,
      smoothness,
      exponent,
      axis,
      ceiling: curve.ceiling,
      monotone: curve.monotone,
      bytes,
    },
  };
}

/** No path costs more. */
function largestObjective({ risk, axis, logSnr, steps, smoothness, exponent }: ScheduleProblem): number {
  const risks = risk.reduce((a, b) => Math.max(a, b)) * (axis.at(-1)! - axis[0]!);
  return risks + smoothness * steps * (logSnr.at(-1)! - logSnr[0]!) ** exponent;
}

/** Noisy to clean. */
function candidateLevels(
  curve: RiskCurve,
  sigmaMin: number,
  sigmaMax: number,
  candidates: "measured" | number,
): { sigma: number; risk: number }[] {
  const { sigma, risk, at } = curve;
  if (candidates === "measured") {
    return sigma
      .map((value, i) => ({ sigma: value, risk: risk[i]! }))
      .filter(({ sigma: value }) => value >= sigmaMin * (1 - slack) && value <= sigmaMax * (1 + slack))
      .reverse();
  }
  requireArgument(
    Number.isInteger(candidates) && candidates >= 2 && candidates <= 65_535,
    "candidates",
    `expected "measured" or an integer from 2 to 65535, received ${candidates}`,
  );
  const [low, high] = [Math.max(sigmaMin, sigma[0]!), Math.min(sigmaMax, sigma.at(-1)!)];
  requireArgument(low < high, "sigmaMin", `no measured level lies between ${sigmaMin} and ${sigmaMax}`);
  const span = Math.log(low / high);
  return Array.from({ length: candidates }, (_, i) => {
    const level =
      i === 0 ? high : i === candidates - 1 ? low : high * Math.exp((span * i) / (candidates - 1));
    return { sigma: level, risk: at(level) };
  });
}

function algorithmFor(search: "exact" | "plain" | "beam", smoothness: number): ScheduleMethod {
  if (search !== "exact") return search;
  return smoothness < leastSmoothness ? "envelope" : "second-order";
}

function operations(
  algorithm: ScheduleMethod,
  candidates: number,
  steps: number,
  exponent: number,
  { width, radius, globals }: BeamOptions,
): number {
  const log = Math.log2(candidates);
  if (algorithm === "envelope") return 4 * steps * candidates * log;
  if (algorithm === "plain") return 0.5 * steps * candidates ** 2;
  // Other exponents than 1 and 2 cost a power each, some 20 ns.
  const power = exponent === 1 || exponent === 2 ? 1 : 20;
  if (algorithm === "second-order") {
    return 5 * power * 0.5 * steps * candidates ** 2 * (exponent === 2 ? 1 : log);
  }
  return 10 * power * steps * candidates * width * (2 * radius + 1 + globals);
}
