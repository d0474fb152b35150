import type { Denoiser } from "../denoiser/denoiser.js";
import { Evaluator, VectorPool } from "../engine/index.js";
import { requireArgument } from "../errors.js";
import { gram, type Vector } from "../native/index.js";
import { atScaledSigma, type Level, scaledSigma } from "../process/index.js";
import { gridMaker } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import type { NoiseEnergy } from "../solver/index.js";
import { predictNoised } from "./noised-prediction.js";

export interface NoiseEnergyOptions {
  /** Clean data to be noised, rows × size, as the model was trained on. */
  readonly data: Vector;
  /** Class of every row, for class-conditional models. */
  readonly labels?: Int32Array;
  /** Scaled noise levels σ/α to measure at. Default 64, Karras et al.'s (ρ = 7) over the process's range. */
  readonly sigmas?: readonly number[];
  /** Noises drawn for every row at every level. Default 1. */
  readonly repeats?: number;
  readonly seed?: bigint;
  /** Rows in one model call. Default 256. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
}

/**
 * Measures Γ(σ/α) = 𝔼‖ε̂(α x_0 + σ ε)‖²/d (Bao et al. 2022, Eq. 8), which Analytic-DPM's variances are made of. Its
 * standard error is that of the data's mean: a few thousand rows give three digits.
 *
 * @returns the artifact of the analytic-ddpm and analytic-ddim solvers' `gamma` option; JSON as it is
 * @throws QuenchError INVALID_ARGUMENT for data of another size than the model's; MODEL_FAILED as the model does
 */
export async function measureNoiseEnergy(
  denoiser: Denoiser,
  options: NoiseEnergyOptions,
): Promise<NoiseEnergy> {
  const { data, labels, repeats = 1, seed = 0n, batch = 256, signal } = options;
  const { process } = denoiser;
  const size = sizeOf(denoiser.shape);
  const rows = data.length / size;
  requireArgument(
    rows >= 1 && Number.isInteger(rows),
    "data",
    `expected rows of ${size} numbers, received ${data.length}`,
  );
  requireArgument(
    labels === undefined || labels.length === rows,
    "labels",
    `expected ${rows} labels, one per row, received ${labels?.length}`,
  );
  const levels = options.sigmas
    ? options.sigmas.map((sigma) => atScaledSigma(process, sigma))
    : gridMaker(process, { schedule: "edm", final: "min" })(63).levels;

  const evaluator = new Evaluator(denoiser, new VectorPool(), { maxBatch: batch });
  const squares = new Float64Array(batch);
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
