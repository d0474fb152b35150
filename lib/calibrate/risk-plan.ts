import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { isObject, received } from "../checks/received.js";
import { requireFunction } from "../checks/require-function.js";
import { seedOf } from "../checks/seed.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { numbersHash, samplesHash } from "../denoiser/samples-hash.js";
import { effectiveGuidance } from "../engine/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import type { KeptWork } from "../io/kept-work.js";
import { atScaledSigma, type Level, scaledSigma } from "../process/index.js";
import { atTrainedTimesteps, type RiskArtifact } from "../schedule/index.js";
import { knownLevel } from "../schedule/known-level.js";
import { type ImageSpectrum, imageSpectrum } from "./fourier.js";
import type { ImageSource } from "./image-source.js";
import { type CleanLabels, cleanLabels } from "./labels.js";

export interface RiskOptions extends KeptWork<RiskArtifact> {
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
  readonly signal?: AbortSignal;
  /** Told after each model call how many noisy images are done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

const riskOptions: OptionNames<RiskOptions> = {
  levels: true,
  sigmaMin: true,
  sigmaMax: true,
  images: true,
  seed: true,
  guidance: true,
  spectral: true,
  batch: true,
  checkpoint: true,
  save: true,
  signal: true,
  onProgress: true,
};

/** What is measured, checked: the options with their defaults. */
export interface RiskPlan {
  readonly denoiser: Denoiser;
  readonly source: ImageSource;
  /** Increasing. */
  readonly sigma: readonly number[];
  readonly levels: readonly Level[];
  readonly images: number;
  /** Its values are undefined for models without classes. */
  readonly labels: CleanLabels;
  readonly seed: bigint;
  readonly guidance: number | undefined;
  readonly spectrum: ImageSpectrum | undefined;
  readonly batch: number;
  readonly signal: AbortSignal | undefined;
  /** Everything that decides the numbers: what is kept of another measurement is none of this one. */
  readonly identity: string;
}

/** @throws QuenchError INVALID_ARGUMENT, UNKNOWN_NAME for an option that is none */
export function planOf(denoiser: Denoiser, source: ImageSource, options: RiskOptions): RiskPlan {
  requireDenoiser(denoiser);
  requireSource(source);
  requireKnownOptions<RiskOptions>(options, riskOptions);
  requireFunction(options.onProgress, "onProgress");
  const { batch = 64, signal } = options;
  const seed = seedOf(options.seed ?? 0n);
  const guidance = effectiveGuidance(options.guidance);
  const asked = sigmasOf(denoiser, options);
  // A network that rounds its time is measured where it rounds to.
  const levels = atTrainedTimesteps(
    denoiser,
    asked.map((value) => atScaledSigma(denoiser.process, value)),
  );
  const sigma = denoiser.integerTimes ? levels.map(scaledSigma) : asked;
  const images = imagesOf(source, options.images);
  requireGuidable(denoiser, source, guidance);
  const labels = cleanLabels(denoiser, source.labels, images);
  const spectrum = options.spectral ? spectrumFor(denoiser) : undefined;
  requireInteger(batch, "batch");
  const identity = JSON.stringify({
    model: samplesHash(denoiser) ?? denoiser.name,
    data: source.fingerprint ?? source.description,
    sigma,
    images,
    seed: String(seed),
    guidance,
    labels: labels.values && numbersHash(labels.values.subarray(0, images)),
    spectral: spectrum !== undefined,
  });
  return {
    denoiser,
    source,
    sigma,
    levels,
    images,
    labels,
    seed,
    guidance,
    spectrum,
    batch: Math.min(batch, images),
    signal,
    identity,
  };
}

function sigmasOf({ process }: Denoiser, { levels = 128, sigmaMin, sigmaMax }: RiskOptions): number[] {
  const low = sigmaMin ?? scaledSigma(process.at(process.tEnd));
  const high = sigmaMax ?? scaledSigma(process.at(process.tStart));
  requireInteger(levels, "levels", { least: 2, most: 65_536 });
  requireArgument(
    0 < low && low < high && high < Infinity,
    "sigmaMin",
    `expected 0 < sigmaMin < sigmaMax, received ${low} and ${high}`,
  );
  knownLevel(process, atScaledSigma(process, low), "sigmaMin");
  knownLevel(process, atScaledSigma(process, high), "sigmaMax");
  return edmLevels(low, high, levels);
}

/** So many levels of the grid that EDM samples by default, increasing: where risk is measured (ETS H.3). */
export function edmLevels(sigmaMin: number, sigmaMax: number, levels: number): number[] {
  const [low, high] = [sigmaMin ** (1 / 7), sigmaMax ** (1 / 7)];
  return Array.from({ length: levels }, (_, i) =>
    i === 0 ? sigmaMin : i === levels - 1 ? sigmaMax : (low + ((high - low) * i) / (levels - 1)) ** 7,
  );
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
