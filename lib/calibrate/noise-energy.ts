import { requireFinite } from "../checks/finite.js";
import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { requireVector } from "../checks/require-vector.js";
import { seedOf } from "../checks/seed.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { Evaluator, VectorPool } from "../engine/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import { gram, type Vector } from "../native/index.js";
import { atScaledSigma, type Level, scaledSigma } from "../process/index.js";
import { atTrainedTimesteps, gridMaker } from "../schedule/index.js";
import { knownLevel } from "../schedule/known-level.js";
import { sizeOf } from "../shape.js";
import type { NoiseEnergy } from "../solver/index.js";
import { cleanLabels } from "./labels.js";
import { predictNoised } from "./noised-prediction.js";

export interface NoiseEnergyOptions {
  /** Clean data to be noised, rows × size, as the model was trained on. */
  readonly data: Vector;
  /** Class of every row, for class-conditional models. Default the model's null class. */
  readonly labels?: Int32Array;
  /** Scaled noise levels σ/α to measure at. Default 64, Karras et al.'s (ρ = 7) over the process's range. */
  readonly sigmas?: readonly number[];
  /** Noises drawn for every row at every level. Default 1. */
  readonly repeats?: number;
  /** Row r gets noise of its own for every seed, level and repeat. Default 0. */
  readonly seed?: bigint | number;
  /** Rows in one model call. Default 256. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
}

const noiseEnergyOptions: OptionNames<NoiseEnergyOptions> = {
  data: true,
  labels: true,
  sigmas: true,
  repeats: true,
  seed: true,
  batch: true,
  signal: true,
};

/**
 * Measures Γ(σ/α) = 𝔼‖ε̂(α x_0 + σ ε)‖²/d (Bao et al. 2022, Eq. 8), which Analytic-DPM's variances are made of. Its
 * standard error is that of the data's mean: a few thousand rows give three digits.
 *
 * @returns the artifact of the analytic-ddpm and analytic-ddim solvers' `gamma` option; JSON as it is
 * @throws QuenchError INVALID_ARGUMENT before any model call; MODEL_FAILED; ABORTED
 */
export async function measureNoiseEnergy(
  denoiser: Denoiser,
  options: NoiseEnergyOptions,
): Promise<NoiseEnergy> {
  requireDenoiser(denoiser);
  requireKnownOptions<NoiseEnergyOptions>(options, noiseEnergyOptions);
  const { data, repeats = 1, batch = 256, signal } = options;
  const size = sizeOf(denoiser.shape);
  const rows = rowsOf(data, size);
  const labels = labelsOf(denoiser, options.labels, rows);
  requireInteger(repeats, "repeats");
  requireInteger(batch, "batch");
  const seed = seedOf(options.seed ?? 0n);
  const levels = levelsOf(denoiser, options.sigmas);

  const evaluator = new Evaluator(denoiser, new VectorPool(), { maxBatch: batch });
  const squares = new Float64Array(Math.min(batch, rows));
  const energyAt = async (level: Level, firstStream: number) => {
    let sum = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (let first = 0; first < rows; first += batch) {
        const count = Math.min(batch, rows - first);
        const clean = data.subarray(first * size, (first + count) * size);
        const x = clean.slice();
        await predictNoised(evaluator, x, {
          ...{ clean, rows: count, level, seed, first, signal },
          form: "noise",
          labels: labels?.subarray(first, first + count),
          guidance: undefined,
          stream: firstStream + repeat,
        });
        gram(squares.subarray(0, count), [x], count);
        for (let row = 0; row < count; row++) sum += squares[row]!;
      }
    }
    return sum / (repeats * rows * size);
  };

  const gamma: number[] = [];
  for (const [index, level] of levels.entries()) gamma.push(await energyAt(level, index * repeats));
  return { sigma: levels.map(scaledSigma), gamma };
}

function rowsOf(data: Vector, size: number): number {
  requireVector(data, "data");
  requireArgument(
    data.length > 0 && data.length % size === 0,
    "data",
    `expected rows of ${size} numbers, received ${data.length}`,
  );
  requireFinite(data, "data", { size });
  return data.length / size;
}

function labelsOf(denoiser: Denoiser, labels: Int32Array | undefined, rows: number): Int32Array | undefined {
  requireArgument(
    labels === undefined || labels.length === rows,
    "labels",
    () => `expected ${rows} labels, one per row, received ${labels?.length}`,
  );
  return cleanLabels(denoiser, labels, rows).values;
}

/** A network that rounds its time is measured where it rounds to. */
function levelsOf(denoiser: Denoiser, sigmas: readonly number[] | undefined): readonly Level[] {
  const { process } = denoiser;
  if (sigmas === undefined)
    return atTrainedTimesteps(denoiser, gridMaker(process, { schedule: "edm", final: "min" })(63).levels);
  requireArgument(sigmas.length > 0, "sigmas", "expected at least one noise level");
  for (const [i, sigma] of sigmas.entries())
    requireArgument(
      sigma > 0 && sigma < Infinity,
      `sigmas[${i}]`,
      `expected a finite number above 0, received ${sigma}`,
    );
  requireArgument(new Set(sigmas).size === sigmas.length, "sigmas", "expected every noise level once");
  return atTrainedTimesteps(
    denoiser,
    sigmas.map((sigma, i) => knownLevel(process, atScaledSigma(process, sigma), `sigmas[${i}]`)),
  );
}
