import { loadModel, type SessionOptions } from "../../denoiser/index.js";
import { sessionOf } from "../../denoiser/onnx-sessions.js";
import { atMost, type Goal } from "../goals.js";
import { bareLoop, callsOfDraw } from "./bare-loop.js";
import { measureSample, type SampleFigures } from "./measure.js";

export interface SampleBenchOptions {
  readonly models: readonly string[];
  readonly solvers: readonly string[];
  readonly batches: readonly number[];
  readonly steps: number;
  /** Milliseconds of draws for each solver and batch; at least three pairs are made. */
  readonly budget: number;
  readonly session: SessionOptions;
  readonly onNote?: (note: string) => void;
}

export interface SampleBench {
  readonly bench: "sample";
  readonly options: Omit<SampleBenchOptions, "onNote">;
  readonly rows: readonly (SampleFigures & { readonly model: string })[];
  readonly goals: readonly Goal[];
}

/** Most that a draw may take beyond its model calls, where a goal says so. */
const allowed: Readonly<Record<number, number>> = { 1: 0.03, 64: 0.01 };

/** Draws end to end on real models, beside a bare loop of the same network in the same process. */
export async function sampleBench({
  onNote = () => {},
  ...options
}: SampleBenchOptions): Promise<SampleBench> {
  const { session, steps, budget } = options;
  const rows: SampleBench["rows"][number][] = [];
  for (const path of options.models) {
    const model = await loadModel(path, { session });
    try {
      // The model's own session: two would take turns in the caches, and the threads of one spin beside the other.
      const bare = await bareLoop(model, sessionOf(model)!);
      for (const batch of options.batches) {
        for (const solver of options.solvers) {
          const request = { solver, steps, count: batch, ...(model.classes ? { labels: 0 } : {}) };
          const bareMilliseconds = await bare(await callsOfDraw(model, request));
          const pairs = Math.min(200, Math.max(3, Math.round(budget / bareMilliseconds)));
          // Where a call is short, what is between calls counts, and takes many calls to be compiled.
          const warming = batch === 1 ? budget : 0;
          rows.push({ model: model.name, ...(await measureSample(model, bare, request, pairs, warming)) });
          const { overBare, draw } = rows.at(-1)!;
          onNote(
            `${model.name} ${solver} x ${batch}: ${draw.median.toFixed(1)} ms, ${overBare.median.toFixed(4)} of the bare loop's`,
          );
        }
      }
    } finally {
      await model.close();
    }
  }
  return { bench: "sample", options, rows, goals: goalsOf(rows) };
}

/** Of every model: the slowest solver at the batches that have a goal. */
function goalsOf(rows: SampleBench["rows"]): Goal[] {
  const models = [...new Set(rows.map(({ model }) => model))];
  return models.flatMap((model) =>
    Object.entries(allowed).flatMap(([batch, share]) => {
      const these = rows.filter((row) => row.model === model && row.batch === Number(batch));
      if (these.length === 0) return [];
      const worst = Math.max(...these.map(({ overBare }) => overBare.median));
      return [atMost(`${model}: draw of ${batch} over a bare loop, less 1`, worst - 1, share)];
    }),
  );
}
