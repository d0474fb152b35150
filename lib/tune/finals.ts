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
import type { Candidate } from "./candidate.js";
import { distinct, type Meter, nameOf } from "./measure.js";
import type { Finals, Plan } from "./plan.js";
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

/**
 * Measures finalists on samples that the search has not seen, best first. Where there is a judge its metric decides, in
 * rounds of fewer finalists on more samples, and the error decides among those that the metric cannot tell apart; else
 * the error does alone.
 * @param finalists the least error first
 * @param usual others that take part
 */
export async function judged(
  meter: Meter,
  finalists: readonly Candidate[],
  usual: readonly Candidate[],
  { rounds, crossed }: Pick<Finals, "rounds" | "crossed">,
  { errors, fresh }: Pick<Plan, "errors" | "fresh">,
): Promise<Judged[]> {
  const { judge } = meter.subject;
  const first = finalists.slice(0, rounds[0]!.count);
  const last = judge ? await heats(meter, distinct([...first, ...usual]), { rounds, crossed }) : first;
  const measured: Measured[] = [];
  for (const candidate of last) {
    const squares = await meter.errors(candidate, errors, fresh);
    const error = rooted(bootstrapMean(squares, { seed: bootstrapSeed }));
    const metric = judge && (await frechet(meter, candidate, rounds.at(-1)!.samples));
    if (Number.isFinite(error.value)) measured.push({ candidate, error, ...(metric ? { metric } : {}) });
  }
  const order = bestFirst(measured);
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

/** By the metric; but first the least error of those that are within a standard error of the best. */
function bestFirst(measured: readonly Measured[]): Measured[] {
  const score = ({ error, metric }: Measured) => (metric ?? error).value;
  const order = measured.toSorted((a, b) => score(a) - score(b));
  const best = order[0]?.metric;
  if (!best) return order;
  const level = order.filter(({ metric }) => {
    const { value, standardError } = interval(difference(metric!, best));
    return value <= standardError;
  });
  const winner = level.reduce((a, b) => (b.error.value < a.error.value ? b : a));
  return [winner, ...order.filter((one) => one !== winner)];
}

/**
 * Those that reach the last round. The best of the first are tried with one another's solvers and grids. Two thirds of a
 * round's places go to the best of the one before, the others to the least errors, in whose order the finalists come: few
 * samples tell them badly apart.
 */
async function heats(
  meter: Meter,
  finalists: readonly Candidate[],
  { rounds, crossed: parents }: Pick<Finals, "rounds" | "crossed">,
): Promise<Candidate[]> {
  let going = finalists;
  for (const [i, { samples }] of rounds.slice(0, -1).entries()) {
    const distances = await distancesOf(meter, going, samples);
    if (i === 0) {
      const plain = best(distances).filter(({ solver }) => !("coefficients" in solver));
      const children = await crossed(meter.subject, plain.slice(0, parents));
      const known = new Set(going.map(nameOf));
      const fresh = children.filter((child) => !known.has(nameOf(child)));
      for (const [child, distance] of await distancesOf(meter, fresh, samples))
        distances.set(child, distance);
    }
    const { count } = rounds[i + 1]!;
    const leading = best(distances).slice(0, Math.ceil((2 / 3) * count));
    const others = [...distances.keys()].filter((candidate) => !leading.includes(candidate));
    const next = new Set([...leading, ...others.slice(0, count - leading.length)]);
    going = [...distances.keys()].filter((candidate) => next.has(candidate));
  }
  return [...going];
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
  const { dimension, reference } = meter.subject.judge!;
  const distances = new Map<Candidate, number>();
  for (const candidate of candidates) {
    const features = await meter.features(candidate, samples);
    if (!features) continue;
    distances.set(candidate, await frechetDistance(featureStatistics(features, dimension), reference));
  }
  return distances;
}

async function frechet(meter: Meter, candidate: Candidate, count: number): Promise<Replicates | undefined> {
  const features = await meter.features(candidate, count);
  return features && bootstrapFrechet(features, meter.subject.judge!.reference, { seed: bootstrapSeed });
}

/** Of roots of mean squares. */
function rooted({ value, replicates }: Replicates): Replicates {
  return { value: Math.sqrt(value), replicates: replicates.map(Math.sqrt) };
}

function scoreOf(replicates: Replicates): Finalist["error"] {
  const { value, low, high } = interval(replicates);
  return { value, low, high };
}
