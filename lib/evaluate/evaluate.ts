import { riskIn } from "../calibrate/risk-file.js";
import { isObject, received } from "../checks/received.js";
import { requireFunction } from "../checks/require-function.js";
import { parse } from "../checks/validate.js";
import type { MixtureWorld } from "../denoiser/index.js";
import { QuenchError, reasonOf, requireArgument, requireInteger, throwIfAborted } from "../errors.js";
import type { FeatureNetwork } from "../metrics/index.js";
import type { CellPlan, CellResult, FailedCell } from "./cell.js";
import { CellRunner } from "./cell-runner.js";
import { drawsOf } from "./draws.js";
import { expand } from "./expand.js";
import { openNetwork, prepareJudge, realPath } from "./judge.js";
import { chooseMetrics } from "./metric/choose.js";
import { withModelRisk } from "./model-risk.js";
import { type Plan, planSchema } from "./plan.js";
import { readPresets } from "./read-presets.js";
import { Store } from "./store.js";
import { type EvaluationModel, openSubject, withTruth } from "./subject.js";

export interface EvaluateOptions {
  /** Folder of finished cells, which are kept and taken again by this and other plans. */
  readonly out: string;
  /** The distribution that a network or denoiser was made for, where that is a mixture: for the metrics of mixtures. */
  readonly truth?: MixtureWorld;
  /** Threads with a session of their own that a network draws in; 0: in this thread. Default: one per processor, 2 to 8. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

export interface EvaluationProgress {
  readonly cells: {
    readonly total: number;
    readonly done: number;
    readonly reused: number;
    readonly failed: number;
  };
  /** Model rows to evaluate in all, as far as known, and those done. */
  readonly rows: { readonly total: number; readonly done: number };
  /** Named once a cell has ended. */
  readonly ended?: CellResult | FailedCell;
}

export interface Evaluation {
  readonly model: {
    readonly name: string;
    readonly hash: string;
    /** Shape and range of a sample. */
    readonly shape: readonly number[];
    readonly valueRange: readonly [number, number];
  };
  /** Names of the methods, in the plan's order. */
  readonly methods: readonly string[];
  readonly metrics: readonly string[];
  /** Samples of each seed. */
  readonly samples: number;
  readonly seeds: readonly string[];
  /** In the plan's order. */
  readonly cells: readonly CellResult[];
  readonly failed: readonly FailedCell[];
}

/**
 * Runs a plan: every method at every step count from the same noises, measured by every metric. Cells that the folder
 * already has are taken from it; a cell that fails is reported and the others go on.
 *
 * @param model a model's folder, a mixture, or a denoiser with a hash
 * @throws QuenchError before any model call: INVALID_ARGUMENT or UNKNOWN_NAME for a plan that cannot be carried out,
 * INVALID_MODEL, INVALID_FILE, MODEL_MISMATCH for model or features, WRITE_FAILED for the folder; after
 * `signal` ABORTED, or its reason where that is a QuenchError: finished cells stay
 */
export async function evaluate(model: EvaluationModel, given: Plan & EvaluateOptions): Promise<Evaluation> {
  requireArgument(isObject(given), "plan", () => `expected an object, received ${received(given)}`);
  const { out, truth, workers, signal, onProgress, ...json } = given;
  requireArgument(
    typeof out === "string",
    "out",
    () => `expected the folder of finished cells, received ${received(out)}`,
  );
  if (workers !== undefined) requireInteger(workers, "workers", { least: 0 });
  requireFunction(onProgress, "onProgress");
  const parsed = await readPresets(parse(planSchema, json, "plan"));
  const subject = withTruth(await openSubject(model, workers), truth);
  let network: FeatureNetwork | undefined;
  try {
    const risk = await riskIn(subject.folder);
    const plan = withModelRisk(parsed, risk);
    network = await openNetwork(plan, subject);
    const draws = drawsOf(plan, subject.denoiser);
    const available = { network, truth: subject.truth, real: realPath(plan, subject) !== undefined };
    const metrics = chooseMetrics(plan.metrics, available, draws);
    const cells = await expand(plan, { ...subject, draws });
    throwIfAborted(signal, "the evaluation");
    const store = await Store.open(out);
    const judge = await prepareJudge(plan, subject, network, metrics, signal);
    const runner = new CellRunner({ plan, subject, draws, judge, metrics, store, risk, signal });
    try {
      const ended = await runCells(cells, runner, subject.sessions, signal, onProgress);
      return {
        model: {
          name: subject.name,
          hash: subject.hash,
          shape: subject.denoiser.shape,
          valueRange: subject.denoiser.valueRange ?? [-1, 1],
        },
        methods: [...new Set(cells.map(({ method }) => method))],
        metrics: metrics.map(({ name }) => name),
        samples: draws.samples,
        seeds: draws.seeds.map(String),
        cells: ended.filter((cell): cell is CellResult => !("error" in cell)),
        failed: ended.filter((cell): cell is FailedCell => "error" in cell),
      };
    } finally {
      await runner.close();
    }
  } finally {
    await network?.close();
    await subject.close();
  }
}

/** As many cells at once as there are sessions: while one is measured, the other draws. */
async function runCells(
  cells: readonly CellPlan[],
  runner: CellRunner,
  atOnce: number,
  signal: AbortSignal | undefined,
  onProgress: EvaluateOptions["onProgress"],
): Promise<(CellResult | FailedCell)[]> {
  const ended: (CellResult | FailedCell)[] = [];
  const count = { total: cells.length, done: 0, reused: 0, failed: 0 };
  const report = (last?: CellResult | FailedCell) =>
    onProgress?.({ cells: { ...count }, rows: runner.rows, ...(last ? { ended: last } : {}) });
  await runner.prepare(cells, () => report());
  report();
  let next = 0;
  const work = async () => {
    for (let at = next++; at < cells.length; at = next++) {
      const plan = cells[at]!;
      const result = await runner.run(plan).catch((error: unknown) => {
        throwIfAborted(signal, "the evaluation");
        return failure(plan, error);
      });
      count.done++;
      if ("error" in result) count.failed++;
      else if (result.reused) count.reused++;
      ended[at] = result;
      report(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return ended;
}

function failure({ key, method, column }: CellPlan, error: unknown): FailedCell {
  const code = error instanceof QuenchError ? error.code : "INTERNAL";
  return {
    key,
    method,
    column,
    error: { code, message: reasonOf(error) },
  };
}
