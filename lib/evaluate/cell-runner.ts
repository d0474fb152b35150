import pLimit, { type LimitFunction } from "p-limit";
import { QuenchError } from "../errors.js";
import { readJson, writeFileAtomic } from "../io/index.js";
import { averageReplicates, interval, type Replicates, rmse } from "../metrics/index.js";
import type { Vector } from "../native/index.js";
import { scaledSigma } from "../process/index.js";
import type { RiskArtifact } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import type { CellPlan, CellRecord, CellResult, JudgeDescription, MetricResult } from "./cell.js";
import { abbreviated, cycleOf } from "./cell-settings.js";
import { type DrawingOptions, type Drawn, drawAll } from "./drawing.js";
import { type Draws, shortHash } from "./expand.js";
import { describeJudge, sameJudge } from "./judge.js";
import type { Judge, Metric } from "./metric/metric.js";
import { arraysOf, ofSeed, type PerSample } from "./per-sample.js";
import type { ParsedPlan } from "./plan.js";
import { type Reference, type ReferencePlan, References, referenceOf } from "./reference.js";
import { type CellArrays, replicateArrays, replicatesFrom, type Store } from "./store.js";
import type { Drawer, Subject } from "./subject.js";
import { traceCell, traceSchema } from "./trace.js";

export interface CellRunnerOptions {
  readonly plan: ParsedPlan;
  readonly subject: Subject;
  readonly draws: Draws;
  readonly judge: Judge;
  readonly metrics: readonly Metric[];
  readonly store: Store;
  readonly risk: RiskArtifact | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Samples of the first seed whose pictures are kept with a cell. */
const shown = 8;

/** Takes cells from the store, or draws, measures and stores them. */
export class CellRunner {
  readonly #limit: LimitFunction;
  readonly #references: References;
  readonly #size: number;
  readonly #judge: JudgeDescription;
  readonly #making = new Map<string, Promise<CellResult>>();
  #drawer: Promise<Drawer> | undefined;
  #total = 0;
  #done = 0;
  #onRows = () => {};

  constructor(readonly options: CellRunnerOptions) {
    const { subject, store, draws } = options;
    this.#size = sizeOf(subject.denoiser.shape);
    this.#judge = describeJudge(options.judge);
    this.#limit = pLimit(2 * subject.sessions);
    this.#references = new References(store, () => this.#drawing(), draws, this.#size);
  }

  /** Model rows to evaluate in all, and those done. */
  get rows(): { readonly total: number; readonly done: number } {
    return { total: this.#total, done: this.#done };
  }

  /** Counts the work that there is to do. */
  async prepare(cells: readonly CellPlan[], onRows: () => void): Promise<void> {
    this.#onRows = onRows;
    const perCell = this.#samples;
    const references = new Set<string>();
    for (const cell of new Map(cells.map((cell) => [cell.key, cell])).values()) {
      if (await this.#kept(cell)) continue;
      this.#total += perCell * cell.rowsPerSample;
      const reference = this.#referenceOf(cell);
      if (!reference || references.has(reference.key) || this.#references.has(reference.key)) continue;
      references.add(reference.key);
      this.#total += perCell * reference.rowsPerSample;
    }
  }

  async run(cell: CellPlan): Promise<CellResult> {
    const result = (await this.#kept(cell)) ?? (await this.#made(cell));
    const trace = await this.#traced(cell);
    return trace ? { ...result, trace } : result;
  }

  /** The trace's path, where the plan asks for one. */
  async #traced(cell: CellPlan): Promise<string | undefined> {
    const { plan, subject, draws, store, risk, signal } = this.options;
    if (plan.trace === undefined) return undefined;
    const path = store.tracePath(cell.key);
    const kept = await readJson(path, traceSchema).catch(() => undefined);
    const sameRisk = kept?.risk === (risk && shortHash(risk));
    if (sameRisk && kept?.samples === Math.min(plan.trace, draws.samples)) return path;
    const trace = await traceCell(cell, subject, draws, plan.trace, risk, signal);
    await writeFileAtomic(path, `${JSON.stringify(trace, null, 1)}\n`);
    return path;
  }

  async #made(cell: CellPlan): Promise<CellResult> {
    // Methods of different names may come to the same cell.
    const making = this.#making.get(cell.key) ?? this.#make(cell);
    this.#making.set(cell.key, making);
    return { ...(await making), method: cell.method, column: cell.column };
  }

  async close(): Promise<void> {
    await (await this.#drawer?.catch(() => undefined))?.close();
  }

  get #samples(): number {
    return this.options.draws.samples * this.options.draws.seeds.length;
  }

  #drawing(): Promise<Drawer> {
    this.#drawer ??= this.options.subject.startDrawing();
    return this.#drawer;
  }

  #referenceOf(cell: CellPlan): ReferencePlan | undefined {
    const { plan, subject, draws, metrics } = this.options;
    const wanted = !cell.stochastic && metrics.some(({ needs }) => needs.includes("reference"));
    return wanted ? referenceOf(cell, plan, subject, draws) : undefined;
  }

  /** Metrics that make sense for a cell: a stochastic solver follows no trajectory. */
  #metricsOf(cell: CellPlan): Metric[] {
    return this.options.metrics.filter(({ needs }) => !cell.stochastic || !needs.includes("reference"));
  }

  /** The cell as the store has it; undefined where it lacks something that this plan asks for. */
  async #kept(cell: CellPlan): Promise<CellResult | undefined> {
    const { store, plan } = this.options;
    const found = await store.read(cell.key);
    if (!found) return undefined;
    const { record, arrays } = found;
    const replicates = replicatesFrom(record, arrays);
    const complete = this.#metricsOf(cell).every(
      ({ name }) => replicates[name]?.replicates.length === plan.replicates,
    );
    const judgedAlike = sameJudge(record.judge, this.#judge);
    const reference = this.#referenceOf(cell);
    const sameReference = !reference || record.reference?.key === reference.key;
    if (!complete || !judgedAlike || !sameReference) return undefined;
    return this.#result(cell, record, replicates, true);
  }

  #result(
    { method, column }: CellPlan,
    record: CellRecord,
    replicates: Record<string, Replicates>,
    reused: boolean,
  ): CellResult {
    return {
      ...record,
      method,
      column,
      reused,
      replicates,
      arrays: this.options.store.arraysPath(record.key),
    };
  }

  async #make(cell: CellPlan): Promise<CellResult> {
    const { draws, store, signal } = this.options;
    const counting = (rowsPerSample: number): DrawingOptions => ({
      limit: this.#limit,
      signal,
      onSamples: (count) => {
        this.#done += count * rowsPerSample;
        this.#onRows();
      },
    });
    const planned = this.#referenceOf(cell);
    const reference = planned && (await this.#references.get(planned, counting(planned.rowsPerSample)));
    const drawer = await this.#drawing();
    const drawn = await drawAll(drawer, cell.request, draws, this.#size, counting(cell.rowsPerSample));
    const perSample = await this.#perSample(drawn.samples, reference);
    const replicates: Record<string, Replicates> = {};
    const metrics: Record<string, MetricResult> = {};
    for (const metric of this.#metricsOf(cell)) {
      const found = await this.#measure(metric, perSample);
      replicates[metric.name] = found.replicates;
      metrics[metric.name] = found.result;
    }
    const record = this.#record(cell, drawn, reference, metrics);
    const arrays: CellArrays = new Map([...arraysOf(perSample), ...replicateArrays(replicates)]);
    await store.write(record, arrays);
    return this.#result(cell, record, replicates, false);
  }

  async #perSample(samples: Vector, reference: Reference | undefined): Promise<PerSample> {
    const { judge, subject } = this.options;
    const found = await judge.network?.evaluate(samples);
    return {
      size: this.#size,
      shown: samples.slice(0, Math.min(shown, this.options.draws.samples) * this.#size) as Vector,
      ...(subject.truth ? { samples } : {}),
      ...(found
        ? { ...found, dimension: judge.network!.dimension, classes: judge.network!.classes ?? 0 }
        : {}),
      ...(reference ? { errors: rmse(samples, reference.samples, this.#size).perSample } : {}),
    };
  }

  async #measure(metric: Metric, all: PerSample): Promise<{ replicates: Replicates; result: MetricResult }> {
    const { draws, judge, plan, signal } = this.options;
    const seeds: Replicates[] = [];
    for (let s = 0; s < draws.seeds.length; s++) {
      if (signal?.aborted) throw new QuenchError("ABORTED", "stopped");
      const measured = ofSeed(all, s, draws);
      seeds.push(await metric.measure(measured, judge, { resamples: plan.replicates, seed: s }));
    }
    const replicates = averageReplicates(seeds);
    const { value, low, high, standardError } = interval(replicates);
    return {
      replicates,
      result: { value, low, high, standardError, perSeed: seeds.map((seed) => seed.value) },
    };
  }

  #record(
    cell: CellPlan,
    drawn: Drawn,
    reference: Reference | undefined,
    metrics: Record<string, MetricResult>,
  ): CellRecord {
    const { subject, draws } = this.options;
    return {
      format: "quench-cell",
      version: 1,
      key: cell.key,
      model: { name: subject.name, hash: subject.hash },
      settings: abbreviated(cell.request),
      samples: draws.samples,
      seeds: draws.seeds.map(String),
      labels: draws.labels ? cycleOf(draws.labels) : null,
      steps: cell.request.steps!,
      nfe: drawn.nfe,
      sigmas: cell.levels.map(scaledSigma),
      seconds: drawn.seconds,
      modelSeconds: drawn.modelSeconds,
      stochastic: cell.stochastic,
      judge: this.#judge,
      reference: reference?.description ?? null,
      metrics,
    };
  }
}
