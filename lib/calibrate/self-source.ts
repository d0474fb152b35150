import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { seedOf } from "../checks/seed.js";
import { cycled, listOf } from "../cycled.js";
import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { type JsonRequest, sample } from "../engine/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import type { ImageSource } from "./image-source.js";

export interface SelfOptions {
  /** Samples to draw. */
  readonly count: number;
  /** Default Heun's method of EDM in 64 steps on its own grid. */
  readonly request?: Pick<JsonRequest, "solver" | "steps" | "grid">;
  /** Classes, cycled over the samples, or one for all; default all of a class-conditional model. */
  readonly labels?: number | ArrayLike<number>;
  readonly guidance?: number;
  readonly seed?: bigint | number;
}

const selfOptions: OptionNames<SelfOptions> = {
  count: true,
  request: true,
  labels: true,
  guidance: true,
  seed: true,
};

/**
 * A model's own many-step samples in place of data. What is measured on them is the model's error about itself, and
 * a model that leaves something out does not see that it does.
 * @throws QuenchError INVALID_ARGUMENT for the count and the seed, UNKNOWN_NAME for an option that is none; `read()` as
 * `sample()` does
 */
export function selfSource(denoiser: Denoiser, options: SelfOptions): ImageSource {
  requireKnownOptions<SelfOptions>(options, selfOptions);
  const { count, guidance } = options;
  requireInteger(count, "count", { most: 100_000_000 });
  const seed = seedOf(options.seed ?? 0n);
  const request = options.request ?? { solver: "edm-heun", steps: 64, grid: "edm" };
  const classes =
    options.labels === undefined ? denoiser.classes?.map((_, label) => label) : listOf(options.labels);
  requireArgument(classes?.length !== 0, "labels", "expected at least one class");
  const labels = classes && Int32Array.from(cycled(classes, count));
  const solver = typeof request.solver === "object" ? request.solver.name : request.solver;
  return {
    description: `self: ${count} samples of the model by ${solver}, ${request.steps} steps, seed ${seed}`,
    fingerprint: JSON.stringify({ count, seed: String(seed), guidance, request }),
    count,
    ...defined({ labels }),
    async read(first, rows, signal) {
      const { data } = await sample(denoiser, {
        ...request,
        count: rows,
        firstSample: first,
        seed,
        ...(labels ? { labels: [...labels.subarray(first, first + rows)] } : {}),
        ...defined({ guidance, signal }),
      });
      return data;
    },
  };
}
