import type { Denoiser } from "../denoiser/denoiser.js";
import { backendOf, dtypeOf, type SourceRows, type Vector } from "../device/index.js";
import { QuenchError } from "../errors.js";
import { applyThresholding, type Thresholding } from "../guidance/index.js";
import { inputScale, type Level, toData, toNoise } from "../process/index.js";
import type { VectorPool } from "./pool.js";

/** One question to the model: the prediction at (x, level), for all rows of one request. */
export interface Evaluation {
  readonly x: Vector;
  readonly into: Vector;
  readonly level: Level;
  readonly form: "data" | "noise";
  readonly rows: number;
  readonly labels: Int32Array | undefined;
  /** Classifier-free guidance scale; undefined means one plain evaluation. */
  readonly guidance: number | undefined;
  readonly thresholding: Thresholding | undefined;
  /** Where to keep the data prediction for observers. */
  readonly observed: Vector | undefined;
  readonly signal: AbortSignal | undefined;
  readonly priority: number;
  /** The request's place in line among equal priorities: lower is older. */
  readonly ticket: number;
}

/** Rows the model sees: guidance asks for a conditional and an unconditional half. */
export function modelRows(evaluation: Evaluation): number {
  return evaluation.guidance === undefined ? evaluation.rows : 2 * evaluation.rows;
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
 * e_∅ + g (e_c − e_∅) and the conversion are one combine (thresholding is applied to x̂_0 after guidance).
 * @param emitted modelRows × size, in the evaluation's dtype
 * @throws QuenchError MODEL_FAILED where the model emitted NaN or infinity, naming the sample
 */
export function finishEvaluation(
  denoiser: Denoiser,
  evaluation: Evaluation,
  emitted: Vector,
  pool: VectorPool,
): void {
  const { x, into, level, form, rows, guidance, thresholding, observed } = evaluation;
  const backend = backendOf(x);
  const bad = backend.firstNonFinite(emitted);
  const size = x.length / rows;
  if (bad >= 0) {
    const sample = Math.floor(bad / size) % rows;
    const [value] = backend.read(backend.part(emitted, bad, bad + 1));
    throw new QuenchError(
      "MODEL_FAILED",
      `the model returned ${value} for sample ${sample} at t = ${level.t}`,
    );
  }
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
    backend.combine(out, terms, 1);
  };

  const { prediction, process } = denoiser;
  if (form === "noise" && !thresholding && !observed) {
    write(into, toNoise(prediction, level, process));
    return;
  }
  // x̂_0 first: observers and thresholding want it. `into` may be `x` itself, which noise still needs.
  const m = form === "data" ? into : pool.take(dtypeOf(x), x.length, backend);
  write(m, toData(prediction, level, process));
  if (thresholding) applyThresholding(m, thresholding, new Float64Array(rows));
  if (observed) backend.copy(observed, m);
  if (form === "noise") {
    if (thresholding)
      backend.combine(
        into,
        [
          [1 / level.sigma, x],
          [-level.alpha / level.sigma, m],
        ],
        1,
      );
    else write(into, toNoise(prediction, level, process));
    pool.give(m);
  }
}
