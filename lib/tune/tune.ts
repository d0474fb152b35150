import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { isObject, received } from "../checks/received.js";
import { requireFunction } from "../checks/require-function.js";
import { seedOf } from "../checks/seed.js";
import { parse } from "../checks/validate.js";
import { listOf } from "../cycled.js";
import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { modelStamp, requireSameModel } from "../denoiser/model-stamp.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { samplesHash } from "../denoiser/samples-hash.js";
import { effectiveGuidance, resolveRequest } from "../engine/index.js";
import { QuenchError, requireArgument, requireInteger } from "../errors.js";
import { type KeptWork, keepingWork } from "../io/kept-work.js";
import type { Preset } from "../preset/index.js";
import { type RiskArtifact, riskSchema } from "../schedule/index.js";
import { findSolver, requireDeterministic } from "../solver/index.js";
import type { Candidate, SolverChoice } from "./candidate.js";
import { judged } from "./finals.js";
import type { Ranked } from "./halving.js";
import { presetCandidates } from "./known-presets.js";
import { distinct, Meter, nameOf } from "./measure.js";
import { type Budget, finalsFor, type Plan, planFor, rowsOf } from "./plan.js";
import { type Refined, refineCoefficients, refineLevels } from "./refine.js";
import { search, survivors } from "./search.js";
import { gridChoices, type Named, named, solverChoices } from "./space.js";
import { drawn, type FeatureJudge, type Subject } from "./subject.js";
import { usualCandidates } from "./usual.js";
import { Work } from "./work.js";

export interface TunePresetOptions extends KeptWork<Preset> {
  /** Most model calls per sample. */
  readonly nfe: number;
  /** Classifier-free guidance scale that the preset is for. */
  readonly guidance?: number;
  /** Classes, cycled over the samples, or one for all. Default: all of a class-conditional model. */
  readonly labels?: number | ArrayLike<number>;
  /** The model's risk curve: lets the search try schedules that follow it. */
  readonly risk?: RiskArtifact;
  /** What decides among the last candidates: a metric of features. Without it their error does. */
  readonly judge?: FeatureJudge;
  /** Where errors are measured. Default "data". */
  readonly space?: "data" | "features";
  /** Default 70,000 + 8,000 NFE + 900 NFE² model rows, twice as many with guidance. Seconds become rows by the speed of the first calls. */
  readonly budget?: Budget;
  /** Default 7007: draws with other seeds share no noise with the search. */
  readonly seed?: bigint | number;
  /** Most samples in one model call, up to 64. Default 64, for small budgets 16. */
  readonly batch?: number;
  /** Solvers to try, in place of the built-in list. */
  readonly solvers?: readonly SolverChoice[];
  /** Presets of the model and guidance scale, found before for as many calls or fewer: they take part in the finals. */
  readonly presets?: readonly Preset[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TuneProgress) => void;
}

const tuneOptions: OptionNames<TunePresetOptions> = {
  nfe: true,
  guidance: true,
  labels: true,
  risk: true,
  judge: true,
  space: true,
  budget: true,
  seed: true,
  batch: true,
  solvers: true,
  presets: true,
  checkpoint: true,
  save: true,
  signal: true,
  onProgress: true,
};

export interface TuneProgress {
  readonly stage: "trajectories" | "grids" | "solvers" | "refinement" | "finals";
  /** Model rows spent so far, and the budget. */
  readonly rows: number;
  readonly budget: number;
}

/**
 * Searches for the solver, options and grid that draw a model's best samples in a number of calls. Candidates are
 * ranked by how far their samples are from the ends of the model's own accurate trajectories, by successive halving;
 * noise levels and coefficients of the best are then moved to where that error is least; and on fresh seeds a metric,
 * or without one the same error, decides among the last. The same arguments give the same preset, except `cost.seconds`
 * and where the budget is in seconds. A preset may take fewer calls than were allowed.
 *
 * @throws QuenchError INVALID_ARGUMENT, UNKNOWN_NAME or MODEL_MISMATCH before any model call; MODEL_FAILED; ABORTED;
 * WRITE_FAILED for the checkpoint, FILE_IN_USE where another search keeps its own there
 */
export async function tunePreset(denoiser: Denoiser, options: TunePresetOptions): Promise<Preset> {
  requireDenoiser(denoiser);
  requireKnownOptions<TunePresetOptions>(options, tuneOptions);
  requireBudget(options.budget);
  requireFunction(options.onProgress, "onProgress");
  return keepingWork(options, () => found(denoiser, options));
}

async function found(denoiser: Denoiser, options: TunePresetOptions): Promise<Preset> {
  const subject = subjectOf(denoiser, options);
  const space = {
    grids: gridChoices(subject),
    solvers: options.solvers ? options.solvers.map(named) : solverChoices,
  };
  const known = distinct(await presetCandidates(subject, options.presets ?? []));
  const counts = { grids: space.grids.length, solvers: space.solvers.length, known: known.length };
  const { budget: asked, onProgress } = options;
  if (asked && "rows" in asked) planFor(subject, asked.rows, counts); // says what is wrong before any call

  let stage: TuneProgress["stage"] = "trajectories";
  let budget = 0;
  const tell = (rows: number) => onProgress?.({ stage, rows, budget });
  const work = await Work.open(options.checkpoint, identityOf(subject, space.solvers, known, asked), tell);
  const meter = new Meter(subject, work);
  budget = await rowsOf(meter, asked);
  const plan = planFor(subject, budget, counts);
  const enter = (next: TuneProgress["stage"]) => {
    stage = next;
    tell(work.rows);
  };

  enter("trajectories");
  await meter.truth(0, plan.errors);
  enter("grids");
  const { best, tried } = await search(meter, space, plan, () => enter("solvers"));
  enter("refinement");
  const refined = await refinements(meter, best, plan);
  enter("finals");
  const choices = space.solvers.map(({ choice }) => choice);
  const usual = subject.judge ? await usualCandidates(subject, choices) : [];
  const finals = finalsFor(subject, plan, work.rows, { usual: usual.length, known: known.length });
  const others = survivors(best, best.length).map(({ candidate }) => candidate);
  const finalists = distinct([...refined, ...others]);
  const results = await judged(meter, finalists, { usual, known }, finals, plan);
  const [winner] = results;
  if (!winner) throw new QuenchError("MODEL_FAILED", "no candidate gave finite samples");
  const { solver, steps, grid, nfe } = winner.candidate;
  const { guidance, labels, seed } = subject;
  return {
    kind: "preset",
    version: 1,
    model: modelStamp(denoiser),
    nfe,
    ...defined({ guidance }),
    solver,
    steps,
    grid,
    tuning: {
      seed: String(seed),
      ...(labels ? { labels: [...labels] } : {}),
      budget,
      error: { space: subject.space, samples: plan.fresh },
      ...(subject.judge
        ? { metric: { name: "Fréchet distance", samples: finals.rounds.at(-1)!.samples } }
        : {}),
      tried,
      finalists: results.map(({ scores }) => scores),
      cost: { modelRows: work.rows, seconds: work.seconds },
    },
  };
}

/** How the best solvers share what a refinement may spend: each on its levels, what is left on coefficients. */
const levelShares = [0.25, 0.15];

/** The best of different solvers with their levels moved to where the error is least, and then with coefficients of their own. */
async function refinements(
  meter: Meter,
  best: readonly Ranked[],
  { refine: { rows, samples } }: Plan,
): Promise<Candidate[]> {
  const last = meter.work.rows + rows;
  const refined: Refined[] = [];
  for (const [i, { candidate }] of survivors(best, 0).slice(0, levelShares.length).entries()) {
    const found = await refineLevels(meter, candidate, { samples, rows: rows * levelShares[i]! });
    refined.push(found ?? { candidate, cost: Number.MAX_VALUE });
  }
  refined.sort((a, b) => a.cost - b.cost);
  const wrapped: Refined[] = [];
  for (const { candidate } of refined) {
    const found = await refineCoefficients(meter, candidate, { samples, rows: last - meter.work.rows });
    if (found) wrapped.push(found);
  }
  return [...wrapped, ...refined].map(({ candidate }) => candidate);
}

/** Model rows below which batches are small: accurate trajectories are drawn in whole batches. */
const smallBudget = 20_000;

function subjectOf(denoiser: Denoiser, options: TunePresetOptions): Subject {
  const { nfe, risk, judge, space = "data", seed = 7007, signal, solvers } = options;
  const small = options.budget && "rows" in options.budget && options.budget.rows < smallBudget;
  const batch = Math.min(options.batch ?? 64, small ? 16 : 64);
  requireInteger(nfe, "nfe", { most: 1000 });
  requireInteger(batch, "batch", { most: 1000 });
  requireArgument(solvers === undefined || solvers.length > 0, "solvers", "expected at least one");
  for (const { name, ...given } of solvers ?? []) {
    const solver = findSolver(name);
    requireDeterministic(
      solver,
      parse(solver.options, given, `solver.${name}`),
      "solvers",
      "it cannot be tuned",
    );
  }
  requireArgument(
    space === "data" || judge !== undefined,
    "space",
    "errors between features need a feature network",
  );
  if (risk !== undefined) {
    const { model } = parse(riskSchema, risk, "risk");
    requireSameModel(model, denoiser, "the risk curve was measured", "risk");
  }
  if (judge !== undefined) requireJudge(judge, denoiser);
  const labels =
    options.labels === undefined ? denoiser.classes?.map((_, label) => label) : listOf(options.labels);
  const subject: Subject = {
    ...{ denoiser, nfe, risk, judge, space, batch, signal },
    seed: seedOf(seed),
    guidance: effectiveGuidance(options.guidance),
    labels: labels?.length ? labels : undefined,
  };
  resolveRequest(denoiser, { ...drawn(subject, subject.seed, 0, 1), steps: 1 });
  return subject;
}

/** It judges in the finals, after most of the budget is spent: what does not fit is said before. */
function requireJudge(judge: FeatureJudge, { shape }: Denoiser): void {
  requireArgument(
    isObject(judge) && Array.isArray(judge.shape) && isObject(judge.reference),
    "judge",
    () => `expected a feature network with reference statistics, received ${received(judge)}`,
  );
  const { dimension, reference } = judge;
  requireArgument(
    judge.shape.join() === shape.join(),
    "judge",
    `the network takes samples of shape [${judge.shape.join(", ")}], the model makes [${shape.join(", ")}]`,
  );
  requireArgument(
    reference.mean?.length === dimension && reference.covariance?.length === dimension ** 2,
    "judge.reference",
    `expected statistics of ${dimension} features, received ${reference.mean?.length}`,
  );
}

/** A number alone could be rows as well as seconds. */
function requireBudget(budget: unknown): void {
  if (budget === undefined) return;
  const expected = "expected { rows } or { seconds } with a number above 0, received";
  requireArgument(isObject(budget), "budget", () => `${expected} ${received(budget)}`);
  const [[unit, amount] = ["nothing", undefined], ...more] = Object.entries(budget);
  requireArgument(
    (unit === "rows" || unit === "seconds") && more.length === 0,
    "budget",
    () => `${expected} one with ${Object.keys(budget).join(" and ") || unit}`,
  );
  requireArgument(
    typeof amount === "number" && amount > 0 && Number.isFinite(amount),
    "budget",
    () => `${expected} ${received(amount)}`,
  );
}

/** What is searched, with which settings. */
function identityOf(
  { denoiser, nfe, guidance, labels, risk, judge, space, seed, batch }: Subject,
  solvers: readonly Named<SolverChoice>[],
  known: readonly Candidate[],
  budget: Budget | undefined,
): string {
  const { name, shape } = denoiser;
  const hash = samplesHash(denoiser);
  return JSON.stringify({
    ...{ name, hash, shape, nfe, guidance, labels, space, batch, budget },
    seed: String(seed),
    risk: risk && { ...risk.model, levels: risk.sigma.length },
    judge: judge && [judge.hash, judge.reading],
    solvers: solvers.map(({ choice }) => choice),
    presets: known.map(nameOf),
  });
}
