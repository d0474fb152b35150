import { z } from "zod";
import { modelRowsPerSample } from "../engine/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { gridMaker } from "../schedule/index.js";
import { candidateFor } from "./candidate.js";
import { type Rung, rungs, samplesOf } from "./halving.js";
import { accurateSteps, type Meter } from "./measure.js";
import type { Subject } from "./subject.js";

/** What a search may spend: model rows, or seconds on this machine. */
export type Budget = { readonly rows: number } | { readonly seconds: number };

/** How a search spends its budget. */
export interface Plan {
  /** Model rows. */
  readonly budget: number;
  /** Samples whose accurate trajectories candidates are compared with, and as many more again that only finalists see. */
  readonly errors: number;
  readonly fresh: number;
  /** Samples of the first round. */
  readonly first: number;
  /** One of so many grids and solvers is tried. */
  readonly thinning: number;
  /** Rounds after the first. */
  readonly ladder: readonly Rung[];
  /** Model rows for moving levels and coefficients, and samples that this is done on. */
  readonly refine: { readonly rows: number; readonly samples: number };
}

/** Slopes take as many draws as there are levels, each of as many calls. */
const defaultRows = (nfe: number) => 70_000 + 8_000 * nfe + 900 * nfe ** 2;

/**
 * Shares of the budget: for trajectories at most, for ranking candidates, for refining the best. The rest is for the
 * finals, where a metric decides that the error hardly foretells among the best (docs/tune.md).
 */
const shares = {
  metric: { trajectories: 0.08, search: 0.14, refine: 0.1 },
  error: { trajectories: 0.3, search: 0.35, refine: 0.3 },
};
/** Candidates that halving by error leaves. */
const left = 24;
/** Grids that every solver is tried on: the best two of either probe. */
export const gridsPerSolver = 4;
const probeCount = 2;

/** What is chosen from, the first that its share affords. */
const sizes = { errors: [128, 96, 64, 48, 32, 16, 8], first: [16, 12, 8, 6, 5, 4, 3, 2] };
const thinnings = [1, 2, 3, 4, 6, 8];

/** What a search tries: grids and solvers, and presets known before, which take part in the finals. */
interface Counts {
  readonly grids: number;
  readonly solvers: number;
  readonly known: number;
}

/**
 * @throws QuenchError INVALID_ARGUMENT where the budget is too small for any search
 */
export function planFor(subject: Subject, budget: number, { grids, solvers, known }: Counts): Plan {
  const share = subject.judge ? shares.metric : shares.error;
  const whole = (count: number) => Math.ceil(count / subject.batch) * subject.batch;
  const perCall = modelRowsPerSample(subject.guidance);
  const perSample = subject.nfe * perCall;
  const trajectories = (errors: number) => whole(1.5 * errors) * accurateSteps * perCall;
  let least = Infinity;
  for (const errors of sizes.errors) {
    if (errors !== sizes.errors.at(-1) && trajectories(errors) > share.trajectories * budget) continue;
    const finals = perSample * fewestDraws(subject, errors / 2, known);
    const beside = (trajectories(errors) + finals) / (1 - share.search - share.refine);
    for (const [thinning, first] of product(thinnings, sizes.first)) {
      const candidates =
        probeCount * Math.ceil(grids / thinning) + gridsPerSolver * Math.ceil(solvers / thinning);
      const ladder = rungs(candidates, first, left, errors);
      const draws = candidates * first + samplesOf(ladder, first);
      const needed = Math.ceil(Math.max((draws * perSample) / share.search, beside));
      least = Math.min(least, needed);
      if (needed > budget) continue;
      const rows = Math.floor(share.refine * budget);
      return {
        budget,
        errors,
        fresh: errors / 2,
        first,
        thinning,
        ladder,
        refine: { rows, samples: Math.min(24, errors) },
      };
    }
  }
  throw new QuenchError(
    "INVALID_ARGUMENT",
    `expected at least ${least} model rows for this model and count of calls, received ${budget}`,
    { where: "budget" },
  );
}

function product<A, B>(first: readonly A[], second: readonly B[]): [A, B][] {
  return first.flatMap((a) => second.map((b): [A, B] => [a, b]));
}

/** Who takes part in the finals, and how they go. */
export interface Finals {
  /** Rounds, each of the best of the one before: how many, and how many samples each has then drawn. */
  readonly rounds: readonly Rung[];
  /** Whether the usual choices join the first round, whatever their error. */
  readonly usual: boolean;
  /** So many of the solvers and of the grids that the first round's best have are tried with one another. */
  readonly crossed: number;
  /** Grids of so many of the best are deformed before the last round, in so many trials each, by what the metric says of them. */
  readonly bent: number;
  readonly trials: number;
}

const none = { crossed: 0, bent: 0, trials: 0 };

/** What can be afforded with the rows that are left, most first. The last round gives the scores. */
const judgedFinals: readonly Finals[] = [
  ...[6, 4].map((times) => ({ ...bending(3, 15), crossed: 6, rounds: growing(times) })),
  ...[4, 3, 2].map((times) => ({ ...bending(2, 15), crossed: 6, rounds: growing(times) })),
  { ...bending(1, 20), rounds: roundsOf([24, 12, 5], [64, 256, 500]) },
  { ...bending(1, 10), crossed: 3, rounds: roundsOf([16, 8, 4], [64, 192, 500]) },
  { ...none, usual: true, rounds: roundsOf([10, 5, 3], [64, 192, 400]) },
  { ...none, usual: false, rounds: roundsOf([10, 4, 2], [64, 192, 400]) },
  { ...none, usual: false, rounds: roundsOf([8, 3, 2], [32, 128, 256]) },
  { ...none, usual: false, rounds: roundsOf([4, 2], [32, 64]) },
];

function bending(bent: number, trials: number): Omit<Finals, "rounds"> {
  return { usual: true, crossed: 4, bent, trials };
}

function growing(times: number): Rung[] {
  return roundsOf([24, 16, 6], [64 * times, 192 * times, 500 * times]);
}

function roundsOf(counts: readonly number[], samples: readonly number[]): Rung[] {
  return counts.map((count, i) => ({ count, samples: samples[i]! }));
}

/** How many take part in the finals that the search has not found: usual choices, and presets known before. */
interface Others {
  readonly usual: number;
  readonly known: number;
}

/**
 * Without a judge the finals have one round, of the best by error.
 * @param spent model rows so far
 */
export function finalsFor(subject: Subject, { budget, fresh }: Plan, spent: number, others: Others): Finals {
  const perCall = modelRowsPerSample(subject.guidance);
  const trajectories = (fresh + subject.batch) * accurateSteps * perCall; // of whole batches
  const draws = (budget - spent - trajectories) / (subject.nfe * perCall);
  if (!subject.judge) {
    const count = Math.min(10, Math.max(fewest, Math.floor(draws / fresh) - others.known));
    return { ...none, rounds: [{ count, samples: fresh }], usual: false };
  }
  return judgedFinals.find((each) => drawsOf(each, others, fresh) <= draws) ?? judgedFinals.at(-1)!;
}

/** Finalists without a judge. */
const fewest = 2;

function fewestDraws({ judge }: Subject, fresh: number, known: number): number {
  return judge ? drawsOf(judgedFinals.at(-1)!, { usual: 0, known }, fresh) : (fewest + known) * fresh;
}

/** Samples drawn in all, with those of the last round's errors. Known presets are in every round. */
function drawsOf({ rounds, usual, crossed, bent, trials }: Finals, others: Others, fresh: number): number {
  const [first, ...later] = rounds as [Rung, ...Rung[]];
  const joining = (usual ? others.usual : 0) + crossed * (crossed - 1);
  const [before, last] = rounds.slice(-2) as [Rung, Rung];
  return (
    (first.count + joining) * first.samples +
    samplesOf(later, first.samples) +
    others.known * last.samples +
    bent * (trials * before.samples + last.samples - before.samples) +
    (last.count + bent + others.known) * fresh
  );
}

/** The budget in rows: seconds are worth as many as small draws say, such as most of a search is made of. */
export async function rowsOf(meter: Meter, budget: Budget | undefined): Promise<number> {
  const { work, subject } = meter;
  if (budget === undefined) return defaultRows(subject.nfe) * modelRowsPerSample(subject.guidance);
  if ("rows" in budget) return budget.rows;
  return work.remember("budget", z.int().min(1), async () => {
    const candidate = await candidateFor(
      subject,
      { name: "ddim" },
      gridMaker(subject.denoiser.process, "log-snr"),
      "",
    );
    requireArgument(candidate !== undefined, "nfe", "expected calls enough for a step of DDIM");
    await meter.draw(candidate, subject.seed, 0, trial); // what is loaded at the first call is not counted
    const begun = performance.now();
    let rows = 0;
    for (let i = 0; i < trials; i++) rows += (await meter.draw(candidate, subject.seed, 0, trial)).rows;
    const speed = (1000 * rows) / (performance.now() - begun);
    return { rows, value: Math.max(1, Math.round(budget.seconds * speed)) };
  });
}

/** Draws whose speed is measured, and samples of each. */
const trials = 5;
const trial = 6;
