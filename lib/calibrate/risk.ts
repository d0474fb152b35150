import { rm } from "node:fs/promises";
import type { Denoiser } from "../denoiser/denoiser.js";
import { modelStamp } from "../denoiser/model-stamp.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { Evaluator, effectiveGuidance, modelRowsPerSample, VectorPool } from "../engine/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import { combine, gram } from "../native/index.js";
import { atScaledSigma, type Level, scaledSigma } from "../process/index.js";
import { isObject, received } from "../received.js";
import { calibrationLevels, type RiskArtifact } from "../schedule/index.js";
import { seedOf } from "../seed.js";
import { sizeOf } from "../shape.js";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.js";
import { type ImageSpectrum, imageSpectrum } from "./fourier.js";
import type { ImageSource } from "./image-source.js";
import { cleanLabels } from "./labels.js";
import { predictNoised } from "./noised-prediction.js";
import {
  addError,
  addErrorSpectrum,
  addImage,
  emptySums,
  type RiskSums,
  spectrumOf,
  sumsSchema,
} from "./risk-sums.js";

export interface RiskOptions {
  /** Noise levels, on EDM's grid (ρ = 7) over the range. Default 128. */
  readonly levels?: number;
  /** Range of scaled noise levels. Default the process's. */
  readonly sigmaMin?: number;
  readonly sigmaMax?: number;
  /** Images taken from the source's start. Default all. */
  readonly images?: number;
  /** Image i at level l gets the noise (seed, l, i). Default 0. */
  readonly seed?: bigint | number;
  /** Classifier-free guidance scale: measures the guided prediction. Needs labels. */
  readonly guidance?: number;
  /** Measure per frequency too, for the spectral schedule. Samples must be images. */
  readonly spectral?: boolean;
  /** Most images in one model call; the result does not depend on it. Default 64. */
  readonly batch?: number;
  /** A file that keeps what has been measured, so that a killed run goes on where it was; removed at the end. */
  readonly checkpoint?: string;
  readonly signal?: AbortSignal;
  /** Told after each model call how many noisy images are done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** At least so long between two checkpoints. */
const checkpointMilliseconds = 2000;

/**
 * Measures the x_0-risk E²(σ̃) = 𝔼‖x_0 − m(α x_0 + σ ε)‖² (ETS Section 5.2, LAS Remark 6) by Monte Carlo: one noise per
 * image and level, in memory that does not depend on the number of images.
 *
 * @param source clean images, as the model was trained on, in its value range
 * @throws QuenchError INVALID_ARGUMENT before any model call; MODEL_FAILED; ABORTED; INVALID_FILE as images are read
 */
export async function measureRisk(
  denoiser: Denoiser,
  source: ImageSource,
  options: RiskOptions = {},
): Promise<RiskArtifact> {
  requireDenoiser(denoiser);
  requireSource(source);
  const { batch = 64, checkpoint, signal, onProgress } = options;
  const seed = seedOf(options.seed ?? 0n);
  const guidance = effectiveGuidance(options.guidance);
  const { process } = denoiser;
  const sigma = levelsOf(denoiser, options);
  const levels = sigma.map((value) => atScaledSigma(process, value));
  const images = imagesOf(source, options.images);
  requireGuidable(denoiser, source, guidance);
  const labels = cleanLabels(denoiser, source.labels, images);
  const spectrum = options.spectral ? spectrumFor(denoiser) : undefined;
  requireInteger(batch, "batch");

  const size = sizeOf(denoiser.shape);
  const measurement = JSON.stringify({
    model: denoiser.hash ?? denoiser.name,
    data: source.fingerprint ?? source.description,
    sigma,
    images,
    seed: String(seed),
    guidance,
    labels: labels.description,
    spectral: spectrum !== undefined,
  });
  const frequencies = spectrum && (size / denoiser.shape.at(-1)!) * spectrum.frequencies[1];
  const resumed =
    checkpoint === undefined ? undefined : await loadCheckpoint(checkpoint, measurement, sumsSchema);
  const sums = resumed ?? emptySums(levels.length, size, frequencies);
  const measure = errorMeasure(denoiser, sums, spectrum, { seed, guidance, batch, signal });

  const total = images * levels.length;
  let saved = -Infinity;
  for (let first = 0; first < images; first += batch) {
    const end = Math.min(images, first + batch);
    if (sums.images.every((seen) => seen >= end)) continue;
    const clean = await source.read(first, end - first, signal);
    for (let i = sums.dataImages; i < end; i++) addImage(sums, clean, (i - first) * size, spectrum);
    for (const [index, level] of levels.entries()) {
      const from = Math.max(first, sums.images[index]!);
      if (from >= end) continue;
      await measure(
        clean.subarray((from - first) * size),
        index,
        level,
        from,
        labels.values?.subarray(from, end),
      );
      onProgress?.(
        sums.images.reduce((a, b) => a + b, 0),
        total,
      );
      if (checkpoint !== undefined && performance.now() - saved > checkpointMilliseconds) {
        await saveCheckpoint(checkpoint, measurement, sums);
        saved = performance.now();
      }
    }
  }
  const artifact: RiskArtifact = {
    kind: "risk",
    version: 1,
    model: modelStamp(denoiser),
    settings: {
      estimator: "monte-carlo",
      images,
      seed: String(seed),
      labels: labels.description,
      ...(guidance === undefined ? {} : { guidance }),
    },
    data: source.description,
    ...(sums.dataDeviations > 0 ? { dataVariance: sums.dataDeviations / images } : {}),
    curve: { ceiling: true, monotone: false },
    sigma,
    risk: sums.mean,
    ...(images > 1
      ? { standardError: sums.deviations.map((sum) => Math.sqrt(sum / (images - 1) / images)) }
      : {}),
    ...(spectrum ? { spectrum: spectrumOf(sums, spectrum) } : {}),
  };
  if (checkpoint !== undefined) await rm(checkpoint, { force: true });
  return artifact;
}

interface MeasureSettings {
  readonly seed: bigint;
  readonly guidance: number | undefined;
  readonly batch: number;
  readonly signal: AbortSignal | undefined;
}

/** Adds the errors of consecutive images at one level to the sums. */
function errorMeasure(
  denoiser: Denoiser,
  sums: RiskSums,
  spectrum: ImageSpectrum | undefined,
  { seed, guidance, batch, signal }: MeasureSettings,
) {
  const size = sizeOf(denoiser.shape);
  const evaluator = new Evaluator(denoiser, new VectorPool(), {
    maxBatch: batch * modelRowsPerSample(guidance),
  });
  const VectorType = denoiser.dtype === "float32" ? Float32Array : Float64Array;
  const room = { x: new VectorType(batch * size), clean: new VectorType(batch * size) };
  const squares = new Float64Array(batch);
  return async (
    images: ArrayLike<number>,
    index: number,
    level: Level,
    first: number,
    labels: Int32Array | undefined,
  ) => {
    const rows = images.length / size;
    const [clean, x] = [room.clean.subarray(0, rows * size), room.x.subarray(0, rows * size)];
    clean.set(images);
    await predictNoised(evaluator, x, {
      ...{ clean, rows, level, labels, guidance, seed, first, signal },
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

function levelsOf({ process }: Denoiser, { levels = 128, sigmaMin, sigmaMax }: RiskOptions): number[] {
  const low = sigmaMin ?? scaledSigma(process.at(process.tEnd));
  const high = sigmaMax ?? scaledSigma(process.at(process.tStart));
  requireInteger(levels, "levels", { least: 2, most: 65_536 });
  requireArgument(
    0 < low && low < high && high < Infinity,
    "sigmaMin",
    `expected 0 < sigmaMin < sigmaMax, received ${low} and ${high}`,
  );
  return calibrationLevels(low, high, levels);
}

function requireSource(source: unknown): void {
  requireArgument(
    isObject(source) && Number.isInteger(source.count) && typeof source.read === "function",
    "source",
    () =>
      `expected images, as openImages(), imagesInMemory() and selfSource() give them, received ${received(source)}`,
  );
}

function imagesOf({ count }: ImageSource, asked = count): number {
  requireArgument(
    Number.isInteger(asked) && asked >= 1 && asked <= count,
    "images",
    `expected an integer from 1 to ${count}, the images there are, received ${asked}`,
  );
  return asked;
}

function requireGuidable(
  { nullClass }: Denoiser,
  { labels }: ImageSource,
  guidance: number | undefined,
): void {
  requireArgument(
    guidance === undefined || (labels !== undefined && nullClass !== undefined && Number.isFinite(guidance)),
    "guidance",
    "expected a finite number, images with labels and a model with a null class",
  );
}

function spectrumFor({ shape, name }: Denoiser): ImageSpectrum {
  requireArgument(
    shape.length === 3,
    "spectral",
    `"${name}" has samples of shape [${shape.join(", ")}], no images [channels, height, width]`,
  );
  return imageSpectrum(shape[1]!, shape[2]!);
}
