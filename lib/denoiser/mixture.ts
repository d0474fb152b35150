import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { requireArgument, unknownName } from "../errors.js";
import { edm, type Level, type Prediction, type Process, predictions } from "../process/index.js";
import type { Denoiser } from "./denoiser.js";
import { components, type MixtureWorld } from "./mixture-world.js";
import { levelFromModelTime } from "./model-time.js";
import { posterior } from "./posterior.js";
import { requireProcess } from "./require-denoiser.js";

const conditionings = ["level", "time"] as const;

export interface MixtureOptions extends MixtureWorld {
  /** Default `edm()`. */
  readonly process?: Process;
  /** What the denoiser emits. Default "sample". */
  readonly prediction?: Exclude<Prediction, "edm-raw">;
  /**
   * Where the noise level is read from: the level's own α and σ, or the time a network would be told, as a real
   * network does (solvers that round times then behave as they would on one). Default "level".
   */
  readonly conditionOn?: (typeof conditionings)[number];
}

const mixtureOptions: OptionNames<MixtureOptions> = {
  name: true,
  weights: true,
  means: true,
  stds: true,
  covariances: true,
  shape: true,
  process: true,
  prediction: true,
  conditionOn: true,
};

/**
 * The exact denoiser of a Gaussian mixture: D(x; α, σ) = E[x_0 | α x_0 + σ ε = x] and every prediction that follows
 * from it. All arithmetic is in float64 and each row is computed alone, so a row has the same bits in every batch.
 *
 * @throws QuenchError `INVALID_ARGUMENT` naming the member that is wrong, `UNKNOWN_NAME` for an option that is none.
 */
export function gaussianMixture(options: MixtureOptions): Denoiser {
  requireKnownOptions<MixtureOptions>(options, mixtureOptions);
  const {
    process = edm(),
    prediction = "sample",
    conditionOn = "level",
    name = "gaussian-mixture",
    shape,
  } = options;
  requireArgument(
    (prediction as Prediction) !== "edm-raw",
    "prediction",
    `a mixture has no raw network: "edm-raw" is not available`,
  );
  requireProcess(process, "process");
  if (!predictions.includes(prediction))
    throw unknownName("prediction", String(prediction), predictions, { where: "prediction" });
  if (!conditionings.includes(conditionOn))
    throw unknownName("conditionOn", String(conditionOn), conditionings, { where: "conditionOn" });
  const world = components(options);
  const evaluateRow = posterior(world, prediction);
  const atTime = conditionOn === "time" ? levelFromModelTime(process) : undefined;
  const levelOf: (level: Level) => Level = atTime ? (level) => atTime(level.modelTime) : (level) => level;
  const { size } = world;
  return {
    name,
    process,
    prediction,
    shape: [...shape], // the caller may use theirs for something else
    dtype: "any",
    batchInvariant: true,
    async evaluate({ rows, input, output, levels }) {
      requireArgument(
        input.length >= rows * size && output.length >= rows * size,
        "batch",
        `expected ${rows} rows of ${size} numbers`,
      );
      requireArgument(
        levels.length >= rows,
        "batch.levels",
        `expected ${rows} levels, received ${levels.length}`,
      );
      let told: Level | undefined;
      let level: Level | undefined;
      for (let row = 0; row < rows; row++) {
        // Rows of one request share their level object.
        if (levels[row] !== told || level === undefined) {
          told = levels[row]!;
          level = levelOf(told);
        }
        evaluateRow(input, output, row * size, level);
      }
    },
    async close() {},
  };
}
