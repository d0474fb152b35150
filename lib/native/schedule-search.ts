import { binding } from "./binding.js";

/** A path over K candidate noise levels, noisy to clean: LAS, Eq. F.1. */
export interface ScheduleProblem {
  /** R: the risk at each candidate. */
  readonly risk: Float64Array;
  /** u: the (regularised) SNR axis, increasing. */
  readonly axis: Float64Array;
  /** ln SNR, increasing. */
  readonly logSnr: Float64Array;
  /** N, 1 to K - 1. */
  readonly steps: number;
  /** mu >= 0, the weight of |h_k - h_{k-1}|^p. "plain" and "envelope" leave it out. */
  readonly smoothness: number;
  /** p >= 1. */
  readonly exponent: number;
}

/** The paper's heuristic: paths kept per end point, candidates on each side of the predicted one, spread ones. */
export interface BeamOptions {
  readonly width: number;
  readonly radius: number;
  readonly globals: number;
}

const scheduleMethods = { plain: 0, envelope: 1, "second-order": 2, beam: 3 } as const;
export type ScheduleMethod = keyof typeof scheduleMethods;

const defaultBeam: BeamOptions = { width: 8, radius: 8, globals: 16 };

/** The path found: its objective and its N + 1 candidates. */
export interface SchedulePath {
  readonly objective: number;
  readonly nodes: Uint32Array;
}

/** A search under way. Cancelled, it stops soon, and `nodes` are empty; it also stops where its environment ends. */
export interface ScheduleSearch {
  readonly path: Promise<SchedulePath>;
  cancel(): void;
}

/**
 * The cheapest path from the first candidate to the last. "plain" (O(N K^2)) and "envelope" (O(N K log K)) are exact
 * for mu = 0, "second-order" is exact for any mu > 0 that is a normal number (O(N K^2) for p = 2, else O(N K^2 log K)),
 * "beam" is the paper's heuristic. RangeError where risk, axis or logSnr are not finite.
 */
export function searchSchedule(
  method: ScheduleMethod,
  problem: ScheduleProblem,
  beam = defaultBeam,
): ScheduleSearch {
  return binding.searchSchedule(...searchArguments(method, problem, beam));
}

/** The same at once: the caller waits. For small problems. */
export function searchScheduleNow(
  method: ScheduleMethod,
  problem: ScheduleProblem,
  beam = defaultBeam,
): SchedulePath {
  return binding.searchScheduleNow(...searchArguments(method, problem, beam));
}

/** Bytes that a search over K candidates takes, at most. */
export function scheduleSearchBytes(
  method: ScheduleMethod,
  candidates: number,
  steps: number,
  { width } = defaultBeam,
): number {
  return binding.scheduleSearchBytes(scheduleMethods[method], candidates, steps, width);
}

function searchArguments(method: ScheduleMethod, problem: ScheduleProblem, beam: BeamOptions) {
  const { risk, axis, logSnr, steps, smoothness, exponent } = problem;
  const { width, radius, globals } = beam;
  const code = scheduleMethods[method];
  return [code, risk, axis, logSnr, steps, smoothness, exponent, width, radius, globals] as const;
}
