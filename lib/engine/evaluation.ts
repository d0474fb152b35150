import type { Denoiser } from "../denoiser/denoiser.js";
import { backendOf, dtypeOf, type SourceRows, type Vector } from "../device/index.js";
import { QuenchError } from "../errors.js";
import { inputScale, type Level, type PredictionForm, toData, toNoise } from "../process/index.js";
import { applyThresholding, type Thresholding } from "../thresholding/index.js";
import type { ResolvedConditions } from "./conditions.js";
import { Passes } from "./passes.js";
import type { VectorPool } from "./pool.js";

/** One question to the model: the prediction at (x, level), for all rows of one request. */
export interface Evaluation {
  readonly x: Vector;
  readonly into: Vector;
  readonly level: Level;
  readonly form: PredictionForm;
  readonly rows: number;
  readonly labels: Int32Array | undefined;
  /** Default: none. */
  readonly conditions?: ResolvedConditions | undefined;
  /** Classifier-free guidance scale as {@link effectiveGuidance} gives it; undefined means one plain evaluation. */
  readonly guidance: number | undefined;
  readonly thresholding: Thresholding | undefined;
  /** Where to keep the data prediction for observers. */
  readonly observed: Vector | undefined;
  /** Those of the run that asks: what is done to the model's answer waits there. Default: it is done at once. */
  readonly passes?: Passes;
  /** Which evaluation of the run it is, for messages. */
  readonly where?: () => string;
  readonly signal: AbortSignal | undefined;
  readonly priority: number;
  /** The request's place in line among equal priorities: lower is older. */
  readonly ticket: number;
}

/** Model rows [start, end) of an evaluation, scaled as the model wants them, as rows from `row` on of a call. */
export function sourceRows(
  denoiser: Denoiser,
  evaluation: Evaluation,
  start: number,
  end: number,
  row: number,
): SourceRows[] {
  const { x, rows, level } = evaluation;
  const size = x.length / rows;
  const scale = inputScale(denoiser.prediction, level, denoiser.process);
  const sources: SourceRows[] = [];
  for (let at = start; at < end; ) {
    const half = at < rows ? 0 : rows;
    const stop = Math.min(end, half + rows);
    const source = backendOf(x).part(x, (at - half) * size, (stop - half) * size);
    sources.push({ source, row: row + at - start, scale });
    at = stop;
  }
  return sources;
}

/**
 * Turns what the model emitted for all model rows of an evaluation into the prediction asked for: guidance
 * e_∅ + g (e_c − e_∅) and the conversion are one combine (thresholding is applied to x̂_0 after guidance). It waits
 * among the run's {@link Passes}, which also look at what the model emitted: they throw MODEL_FAILED where that is NaN or
 * infinite, naming the sample.
 * @param emitted model rows × size, in the evaluation's dtype; may be `into` itself where there is no guidance
 * @param stays whether `emitted` stays as it is until the model is called again; where not, nothing waits
 */
export function finishEvaluation(
  denoiser: Denoiser,
  evaluation: Evaluation,
  emitted: Vector,
  stays: boolean,
  pool: VectorPool,
): void {
  const { x, into, level, form, rows, guidance, thresholding, observed, where } = evaluation;
  const backend = backendOf(x);
  const passes = evaluation.passes ?? new Passes(backend);
  passes.check(emitted, (bad) => {
    const sample = Math.floor((bad * rows) / x.length) % rows;
    // Without its sign, which it has lost where it was turned into a prediction in place.
    const value = Math.abs(backend.read(backend.part(emitted, bad, bad + 1))[0]!);
    const message = `the model returned ${value} for sample ${sample} at t = ${level.t}`;
    return new QuenchError("MODEL_FAILED", message, where ? { where: where() } : {});
  });
  const conditional = guidance === undefined ? emitted : backend.part(emitted, 0, x.length);
  const write = (out: Vector, conversion: { x: number; output: number }) => {
    const terms: [number, Vector][] = conversion.x === 0 ? [] : [[conversion.x, x]];
    if (guidance === undefined) {
      terms.push([conversion.output, conditional]);
    } else {
      const unconditional = backend.part(emitted, x.length, 2 * x.length);
      terms.push(
        [conversion.output * guidance, conditional],
        [conversion.output * (1 - guidance), unconditional],
      );
    }
    if (conversion.x === 0 && conversion.output === 1 && out === emitted) return;
    passes.combine(out, terms, 1);
  };

  const { prediction, process } = denoiser;
  if (form === "noise" && !thresholding && !observed) {
    write(into, toNoise(prediction, level, process));
  } else {
    // x̂_0 first: observers and thresholding want it. `into` may be `x` itself, which noise still needs.
    const m = form === "data" ? into : pool.take(dtypeOf(x), x.length, backend);
    try {
      write(m, toData(prediction, level, process));
      if (thresholding) {
        passes.settle();
        applyThresholding(m, thresholding, new Float64Array(rows));
      }
      if (observed) passes.combine(observed, [[1, m]], 1);
      if (form === "noise") {
        if (thresholding) {
          passes.combine(
            into,
            [
              [1 / level.sigma, x],
              [-level.alpha / level.sigma, m],
            ],
            1,
          );
        } else write(into, toNoise(prediction, level, process));
        passes.settle();
      }
    } catch (error) {
      passes.drop(); // nothing that waits may come to a vector that is somebody else's by then
      throw error;
    } finally {
      if (m !== into) pool.give(m);
    }
  }
  if (!stays || !evaluation.passes) passes.settle();
}
