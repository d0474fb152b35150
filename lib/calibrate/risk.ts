import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { modelStamp } from "../denoiser/model-stamp.js";
import { Evaluator, modelRowsPerSample, VectorPool } from "../engine/index.js";
import { keepingWork } from "../io/kept-work.js";
import { combine, gram } from "../native/index.js";
import type { RiskArtifact } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.js";
import type { ImageSource } from "./image-source.js";
import { predictNoised } from "./noised-prediction.js";
import { planOf, type RiskOptions, type RiskPlan } from "./risk-plan.js";
import {
  addError,
  addErrorSpectrum,
  addImage,
  emptySums,
  type RiskSums,
  spectrumOf,
  sumsSchema,
} from "./risk-sums.js";

/** At least so long between two checkpoints. */
const checkpointMilliseconds = 2000;

/**
 * Measures the x_0-risk E²(σ̃) = 𝔼‖x_0 − m(α x_0 + σ ε)‖² (ETS Section 5.2, LAS Remark 6) by Monte Carlo: one noise per
 * image and level, in memory that does not depend on the number of images.
 *
 * @param source clean images, as the model was trained on, in its value range
 * @throws QuenchError INVALID_ARGUMENT before any model call; MODEL_FAILED; ABORTED; INVALID_FILE as images are read;
 * FILE_IN_USE where another run keeps its work at `checkpoint`
 */
export async function measureRisk(
  denoiser: Denoiser,
  source: ImageSource,
  options: RiskOptions = {},
): Promise<RiskArtifact> {
  const plan = planOf(denoiser, source, options);
  return keepingWork(options, () => measured(plan, options));
}

async function measured(plan: RiskPlan, { checkpoint, onProgress }: RiskOptions): Promise<RiskArtifact> {
  const kept =
    checkpoint === undefined ? undefined : await loadCheckpoint(checkpoint, plan.identity, sumsSchema);
  const none = noSums(plan);
  const sums = kept && sameLengths(kept, none) ? kept : none;
  const total = plan.images * plan.levels.length;
  let saved = -Infinity;
  for await (const done of measurements(plan, sums)) {
    onProgress?.(done, total);
    if (checkpoint !== undefined && performance.now() - saved > checkpointMilliseconds) {
      await saveCheckpoint(checkpoint, plan.identity, sums);
      saved = performance.now();
    }
  }
  return artifactOf(plan, sums);
}

function noSums({ denoiser: { shape }, levels, spectrum }: RiskPlan): RiskSums {
  const size = sizeOf(shape);
  return emptySums(levels.length, size, spectrum && (size / shape.at(-1)!) * spectrum.frequencies[1]);
}

/** Whether sums that were read are of as many levels and numbers as those that a measurement begins with. */
function sameLengths(...both: readonly [RiskSums, RiskSums]): boolean {
  const [kept, none] = both.map(({ images, mean, deviations, dataMean, spectrum }) => {
    const { amplitude = [], power = [], field = [], errors = [] } = spectrum ?? {};
    return [images, mean, deviations, dataMean, amplitude, power, field, ...errors].map(
      ({ length }) => length,
    );
  });
  return kept!.join() === none!.join();
}

/** Adds to the sums what they lack, a model call at a time; yields how many noisy images they then have. */
async function* measurements(plan: RiskPlan, sums: RiskSums): AsyncGenerator<number, void> {
  const { denoiser, source, levels, images, labels, spectrum, batch, signal } = plan;
  const size = sizeOf(denoiser.shape);
  const measure = errorMeasure(plan, sums);
  for (let first = 0; first < images; first += batch) {
    const end = Math.min(images, first + batch);
    if (sums.images.every((seen) => seen >= end)) continue;
    const clean = await source.read(first, end - first, signal);
    for (let i = sums.dataImages; i < end; i++) addImage(sums, clean, (i - first) * size, spectrum);
    for (const index of levels.keys()) {
      const from = Math.max(first, sums.images[index]!);
      if (from >= end) continue;
      await measure(clean.subarray((from - first) * size), index, from, labels.values?.subarray(from, end));
      yield sums.images.reduce((a, b) => a + b, 0);
    }
  }
}

/** Adds the errors of consecutive images at one level to the sums. */
function errorMeasure(
  { denoiser, levels, spectrum, seed, guidance, batch, signal }: RiskPlan,
  sums: RiskSums,
) {
  const size = sizeOf(denoiser.shape);
  const evaluator = new Evaluator(denoiser, new VectorPool(), {
    maxBatch: batch * modelRowsPerSample(guidance),
  });
  const VectorType = denoiser.dtype === "float32" ? Float32Array : Float64Array;
  const room = { x: new VectorType(batch * size), clean: new VectorType(batch * size) };
  const squares = new Float64Array(batch);
  return async (images: ArrayLike<number>, index: number, first: number, labels: Int32Array | undefined) => {
    const rows = images.length / size;
    const [clean, x] = [room.clean.subarray(0, rows * size), room.x.subarray(0, rows * size)];
    clean.set(images);
    await predictNoised(evaluator, x, {
      ...{ clean, rows, level: levels[index]!, labels, guidance, seed, first, signal },
      form: "data",
      stream: index,
    });
    gram(squares.subarray(0, rows), [[clean, x]], rows);
    for (let row = 0; row < rows; row++) addError(sums, index, squares[row]!);
    if (!spectrum) return;
    combine(x, [
      [1, clean],
      [-1, x],
    ]);
    const errors = sums.spectrum!.errors[index]!;
    for (let row = 0; row < rows; row++) addErrorSpectrum(errors, x, row * size, size, spectrum);
  };
}

function artifactOf(
  { denoiser, source, sigma, images, labels, seed, guidance, spectrum }: RiskPlan,
  sums: RiskSums,
): RiskArtifact {
  return {
    kind: "risk",
    version: 1,
    model: modelStamp(denoiser),
    settings: {
      estimator: "monte-carlo",
      images,
      seed: String(seed),
      labels: labels.description,
      ...defined({ guidance }),
    },
    data: source.description,
    ...(sums.dataDeviations > 0 ? { dataVariance: sums.dataDeviations / images } : {}),
    curve: { ceiling: true, monotone: false },
    sigma: [...sigma],
    risk: sums.mean,
    ...(images > 1
      ? { standardError: sums.deviations.map((sum) => Math.sqrt(sum / (images - 1) / images)) }
      : {}),
    ...(spectrum ? { spectrum: spectrumOf(sums, spectrum) } : {}),
  };
}
