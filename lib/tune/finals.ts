import { defined } from "../defined.js";
import {
  bootstrapFrechet,
  bootstrapMean,
  difference,
  featureStatistics,
  frechetDistance,
  interval,
  type Replicates,
} from "../metrics/index.js";
import type { Finalist } from "../preset/index.js";
import { bendDown } from "./bend.js";
import type { Candidate } from "./candidate.js";
import { distinct, type Meter, nameOf } from "./measure.js";
import type { Finals, Plan } from "./plan.js";
import { classesOf } from "./subject.js";
import { crossed } from "./usual.js";

/** A finalist and its scores on samples that the search has not seen. */
export interface Judged {
  readonly candidate: Candidate;
  readonly scores: Finalist;
}

const bootstrapSeed = 0;

interface Measured {
  readonly candidate: Candidate;
  readonly error: Replicates;
  readonly metric?: Replicates;
}

/** Who takes part beside what the search has found. */
export interface Joining {
  /** Choices that one takes without measuring. */
  readonly usual: readonly Candidate[];
  /** Presets known before. They stay up to the last round: a search finds nothing worse than it was given. */
  readonly known: readonly Candidate[];
}

/**
 * Measures finalists on samples that the search has not seen, best first. Where there is a judge its metric decides, in
 * rounds of fewer finalists on more samples; else the error does.
 * @param finalists the least error first
 */
export async function judged(
  meter: Meter,
  finalists: readonly Candidate[],
  { usual, known }: Joining,
  finals: Finals,
  { errors, fresh }: Pick<Plan, "errors" | "fresh">,
): Promise<Judged[]> {
  const { judge } = meter.subject;
  const { rounds } = finals;
  const first = [...finalists.slice(0, rounds[0]!.count), ...(finals.usual ? usual : [])];
  const last = judge ? await heats(meter, first, known, finals) : [...first, ...known];
  const measured: Measured[] = [];
  for (const candidate of distinct(last)) {
    const squares = await meter.errors(candidate, errors, fresh);
    const error = rooted(bootstrapMean(squares, { seed: bootstrapSeed }));
    const metric = judge && (await frechet(meter, candidate, rounds.at(-1)!.samples));
    const finite = Number.isFinite(error.value) && (metric !== undefined || !judge);
    if (finite) measured.push({ candidate, error, ...defined({ metric }) });
  }
  const score = ({ error, metric }: Measured) => (metric ?? error).value;
  const order = measured.sort((a, b) => score(a) - score(b));
  const winner = order[0]?.metric;
  return order.map(({ candidate, error, metric }, i) => ({
    candidate,
    scores: {
      origin: candidate.origin,
      nfe: candidate.nfe,
      error: scoreOf(error),
      ...(metric ? { metric: scoreOf(metric) } : {}),
      ...(metric && winner && i > 0 ? { behind: scoreOf(difference(metric, winner)) } : {}),
    },
  }));
}

/**
 * Those that reach the last round. The best of the first are tried with one another's solvers and grids; those of the
 * last but one have their grids deformed. Two thirds of a round's places go to the best of the one before, the others
 * to the least errors, in whose order the finalists come: few samples tell them badly apart. Known presets have places
 * of their own.
 */
async function heats(
  meter: Meter,
  finalists: readonly Candidate[],
  known: readonly Candidate[],
  finals: Finals,
): Promise<Candidate[]> {
  const { rounds } = finals;
  const isKnown = new Set(known.map(nameOf));
  let going = distinct([...finalists, ...known]);
  for (const [i, { samples }] of rounds.slice(0, -1).entries()) {
    const distances = await distancesOf(meter, going, samples);
    if (i === 0) {
      const children = await crossed(meter.subject, plain(best(distances)), finals.crossed);
      for (const [child, distance] of await distancesOf(meter, children, samples))
        distances.set(child, distance);
    }
    const { count } = rounds[i + 1]!;
    const leading = best(distances).slice(0, Math.ceil((2 / 3) * count));
    const others = [...distances.keys()].filter((candidate) => !leading.includes(candidate));
    const given = others.filter((candidate) => isKnown.has(nameOf(candidate)));
    const next = new Set([...leading, ...others.slice(0, count - leading.length), ...given]);
    going = [...distances.keys()].filter((candidate) => next.has(candidate));
    if (i === rounds.length - 2) {
      for (const candidate of bestOfSolvers(plain(leading)).slice(0, finals.bent)) {
        const from = { candidate, value: distances.get(candidate)! };
        const measure = (one: Candidate) => distanceOf(meter, one, samples);
        going = [...going, await bendDown(meter.subject, from, finals.trials, measure)];
      }
    }
  }
  return [...going];
}

/** Coefficients that were measured are good for one grid. */
function plain(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ solver }) => !("coefficients" in solver));
}

/** The best of every solver, and then the others. */
function bestOfSolvers(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  const isFirst = ({ solver: { name } }: Candidate) => !seen.has(name) && seen.add(name);
  const first = candidates.filter(isFirst);
  return [...first, ...candidates.filter((candidate) => !first.includes(candidate))];
}

/** Least first. */
function best(distances: ReadonlyMap<Candidate, number>): Candidate[] {
  return [...distances].sort(([, a], [, b]) => a - b).map(([candidate]) => candidate);
}

/** Fréchet distances, in the order of the candidates; without those that diverge. */
async function distancesOf(
  meter: Meter,
  candidates: readonly Candidate[],
  samples: number,
): Promise<Map<Candidate, number>> {
  const distances = new Map<Candidate, number>();
  for (const candidate of candidates) {
    const distance = await distanceOf(meter, candidate, samples);
    if (distance !== undefined) distances.set(candidate, distance);
  }
  return distances;
}

async function distanceOf(meter: Meter, candidate: Candidate, samples: number): Promise<number | undefined> {
  const { dimension, reference } = meter.subject.judge!;
  const features = await meter.features(candidate, samples);
  return features && frechetDistance(featureStatistics(features, dimension), reference);
}

async function frechet(meter: Meter, candidate: Candidate, count: number): Promise<Replicates | undefined> {
  const features = await meter.features(candidate, count);
  const strata = classesOf(meter.subject, count);
  const options = { seed: bootstrapSeed, ...defined({ strata }) };
  return features && bootstrapFrechet(features, meter.subject.judge!.reference, options);
}

/** Of roots of mean squares. */
function rooted({ value, replicates }: Replicates): Replicates {
  return { value: Math.sqrt(value), replicates: replicates.map(Math.sqrt) };
}

function scoreOf(replicates: Replicates): Finalist["error"] {
  const { value, low, high } = interval(replicates);
  return { value, low, high };
}
