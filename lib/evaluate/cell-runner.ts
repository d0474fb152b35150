import pLimit, { type LimitFunction } from "p-limit";
import { throwIfAborted } from "../errors.js";
import { readJson, writeFileAtomic } from "../io/index.js";
import { averageReplicates, interval, type Replicates, rmse } from "../metrics/index.js";
import type { Vector } from "../native/index.js";
import { scaledSigma } from "../process/index.js";
import type { RiskArtifact } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import type { CellPlan, CellRecord, CellResult, JudgeDescription, MetricResult } from "./cell.js";
import { abbreviated } from "./cell-settings.js";
import { type DrawingOptions, type Drawn, drawAll } from "./drawing.js";
import { cycleOf, type Draws } from "./draws.js";
import { jsonHash } from "./json-hash.js";
import { describeJudge, sameJudge } from "./judge.js";
import type { Judge, Metric } from "./metric/metric.js";
import { arraysOf, ofSeed, type PerSample, perSampleFrom, suffices } from "./per-sample.js";
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

/** A cell as the store has it. */
interface StoredCell {
  readonly record: CellRecord;
  readonly arrays: CellArrays;
  readonly perSample: PerSample;
}

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
      const stored = await this.#stored(cell);
      if (stored && this.#drawsNothing(cell, stored)) continue;
      this.#total += perCell * cell.rowsPerSample;
      const reference = this.#referenceOf(cell);
      if (!reference || references.has(reference.key) || this.#references.has(reference.key)) continue;
      references.add(reference.key);
      this.#total += perCell * reference.rowsPerSample;
    }
  }

  async run(cell: CellPlan): Promise<CellResult> {
    const result = await this.#finished(cell);
    const trace = await this.#traced(cell);
    return trace ? { ...result, trace } : result;
  }

  /** The trace's path, where the plan asks for one. */
  async #traced(cell: CellPlan): Promise<string | undefined> {
    const { plan, subject, draws, store, risk, signal } = this.options;
    if (plan.trace === undefined) return undefined;
    const path = store.tracePath(cell.key);
    const kept = await readJson(path, traceSchema).catch(() => undefined);
    const sameRisk = kept?.risk === (risk && jsonHash(risk));
    if (sameRisk && kept?.samples === Math.min(plan.trace, draws.samples)) return path;
    const trace = await traceCell(cell, subject, draws, plan.trace, risk, signal);
    await writeFileAtomic(path, `${JSON.stringify(trace, null, 1)}\n`);
    return path;
  }

  async #finished(cell: CellPlan): Promise<CellResult> {
    // Methods of different names may come to the same cell.
    const making = this.#making.get(cell.key) ?? this.#takeOrMake(cell);
    this.#making.set(cell.key, making);
    return { ...(await making), method: cell.method, column: cell.column };
  }

  async #takeOrMake(cell: CellPlan): Promise<CellResult> {
    const stored = await this.#stored(cell);
    if (!stored || !this.#drawsNothing(cell, stored)) return this.#make(cell);
    const { record, arrays, perSample } = stored;
    const before = replicatesFrom(record, arrays);
    const lacking = this.#lacking(cell, stored);
    if (lacking.length === 0) return this.#result(cell, record, before, true);
    const { replicates, metrics } = await this.#measureAll(lacking, perSample);
    const all = { ...before, ...replicates };
    const remeasured: CellRecord = {
      ...record,
      judge: { ...record.judge, ...this.#judge },
      metrics: { ...record.metrics, ...metrics },
    };
    await this.options.store.write(remeasured, new Map([...arrays, ...replicateArrays(all)]));
    return this.#result(cell, remeasured, all, true);
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

  /** The cell as the store has it; undefined where it was judged by something else than this plan does. */
  async #stored(cell: CellPlan): Promise<StoredCell | undefined> {
    const found = await this.options.store.read(cell.key);
    if (!found || !sameJudge(found.record.judge, this.#judge)) return undefined;
    const reference = this.#referenceOf(cell);
    if (reference && found.record.reference?.key !== reference.key) return undefined;
    return { ...found, perSample: perSampleFrom(found.arrays, this.#size) };
  }

  /** Metrics that the plan asks for and a stored cell does not have. */
  #lacking(cell: CellPlan, { record, arrays }: StoredCell): Metric[] {
    const replicates = replicatesFrom(record, arrays);
    return this.#metricsOf(cell).filter(
      ({ name }) => replicates[name]?.replicates.length !== this.options.plan.replicates,
    );
  }

  /** Whether what a stored cell lacks can be measured of what it keeps. */
  #drawsNothing(cell: CellPlan, stored: StoredCell): boolean {
    return this.#lacking(cell, stored).every(({ needs }) => suffices(stored.perSample, needs));
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
    const { replicates, metrics } = await this.#measureAll(this.#metricsOf(cell), perSample);
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

  async #measureAll(wanted: readonly Metric[], perSample: PerSample) {
    const replicates: Record<string, Replicates> = {};
    const metrics: Record<string, MetricResult> = {};
    for (const metric of wanted) {
      const found = await this.#measure(metric, perSample);
      replicates[metric.name] = found.replicates;
      metrics[metric.name] = found.result;
    }
    return { replicates, metrics };
  }

  async #measure(metric: Metric, all: PerSample): Promise<{ replicates: Replicates; result: MetricResult }> {
    const { draws, judge, plan, signal } = this.options;
    const seeds: Replicates[] = [];
    for (let s = 0; s < draws.seeds.length; s++) {
      throwIfAborted(signal, "the evaluation");
      const measured = ofSeed(all, s, draws);
      const strata = draws.labels ? { strata: draws.labels } : {};
      seeds.push(await metric.measure(measured, judge, { resamples: plan.replicates, seed: s, ...strata }));
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
      version: 2,
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
