import { z } from "zod";
import { list } from "../checks/list.js";
import { received } from "../checks/received.js";
import type { DeepReadonly } from "../deep-readonly.js";
import { devices } from "../device/index.js";
import { presetSchema } from "../preset/index.js";
import { type GridRequest, gridSchema } from "../schedule/index.js";
import { thresholdingSchema } from "../thresholding/index.js";

const seedError = {
  error: "expected an integer from 0 to 2^53 - 1, or up to 2^64 - 1 as a bigint or a decimal string",
};
const seedSchema = z.union(
  [
    z
      .bigint()
      .min(0n, seedError)
      .max(2n ** 64n - 1n, seedError),
    z.int(seedError).nonnegative(seedError),
    z
      .string()
      .regex(/^\d{1,20}$/, seedError)
      .describe("a decimal integer, for seeds beyond 2^53 in JSON"),
  ],
  seedError,
);

/** What can be asked of Quench in JSON: the request of `sample()`, the engine, the CLI and the HTTP server. */
export const requestSchema = z.strictObject({
  solver: z
    .union([z.string(), z.looseObject({ name: z.string() })])
    .default("dpm-solver++-2m")
    .describe(
      "a solver's name, or its name with options; \"scheduler\": the model's own diffusers scheduler, options overriding its configuration",
    ),
  preset: presetSchema
    .optional()
    .describe("what `quench tune` found for this model: stands for solver, steps, grid and guidance"),
  steps: z
    .int()
    .min(1)
    .max(100_000)
    .default(20)
    .describe("steps of the solver: intervals of the grid; default those of an explicit grid, else 20"),
  grid: gridSchema.optional().describe("where the noise levels lie; default log-snr"),
  count: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe("samples to draw; default the number of seeds or labels, else 1"),
  seed: seedSchema.default(0).describe("sample i uses (seed, i)"),
  seeds: list(seedSchema, { error: ({ input }) => `expected an array of seeds, received ${received(input)}` })
    .min(1, "expected at least one seed")
    .optional()
    .describe("one seed per sample: sample i uses (seeds[i], 0)"),
  firstSample: z
    .int()
    .nonnegative()
    .default(0)
    .describe("sample i uses (seed, firstSample + i): for numbered shards"),
  labels: z
    .union([z.int().nonnegative(), list(z.int().nonnegative()).min(1)], {
      error: ({ input }) =>
        `expected a class, or an array of one class per sample: integers from 0; received ${received(input)}`,
    })
    .optional()
    .describe("class of every sample, or one class for all"),
  guidance: z
    .number()
    .optional()
    .describe("classifier-free guidance scale g in e_null + g (e_class - e_null)"),
  rng: z
    .enum(["philox", "torch-cpu"])
    .default("philox")
    .describe(
      "noise: counter-based, or what torch.manual_seed and torch.randn draw on a CPU (sample i: seeds[i], or seed + firstSample + i)",
    ),
  initialScale: z
    .number()
    .positive()
    .optional()
    .describe("standard deviation of x_T; default sigma of the first level"),
  thresholding: thresholdingSchema
    .optional()
    .describe("what is done to every data prediction: clamped to a range, or thresholded at a quantile"),
  denoiseToZero: z
    .boolean()
    .default(false)
    .describe("replace the result by one more data prediction at the last level"),
  dtype: z
    .enum(["float32", "float64"])
    .default("float32")
    .describe("arithmetic of the sampler, and of the samples; the model keeps its own"),
  device: z
    .enum(devices)
    .default("cpu")
    .describe("where the vectors live and the solver's arithmetic runs; the numbers are the same"),
  priority: z.number().default(0).describe("in an engine: higher goes first, equal ones in order of arrival"),
});

/**
 * A request that can be written as JSON (but for big integers and typed arrays): the schema's members and descriptions,
 * where editors show them.
 */
export type JsonRequest = {
  /**
   * A solver's name, or its name with options; "scheduler": the model's own diffusers scheduler, options
   * overriding its configuration.
   */
  solver?: DeepReadonly<z.input<typeof requestSchema>>["solver"];
  /** What `quench tune` found for this model: stands for solver, steps, grid and guidance. */
  preset?: DeepReadonly<z.input<typeof requestSchema>>["preset"];
  /** Steps of the solver: intervals of the grid; default those of an explicit grid, else 20. */
  steps?: DeepReadonly<z.input<typeof requestSchema>>["steps"];
  /** Where the noise levels lie; default log-snr. */
  grid?: GridRequest | undefined;
  /** Samples to draw; default the number of seeds or labels, else 1. */
  count?: DeepReadonly<z.input<typeof requestSchema>>["count"];
  /** Sample i uses (seed, i). */
  seed?: DeepReadonly<z.input<typeof requestSchema>>["seed"];
  /** One seed per sample: sample i uses (seeds[i], 0). */
  seeds?: DeepReadonly<z.input<typeof requestSchema>>["seeds"];
  /** Sample i uses (seed, firstSample + i): for numbered shards. */
  firstSample?: DeepReadonly<z.input<typeof requestSchema>>["firstSample"];
  /** Class of every sample, or one class for all. */
  labels?: DeepReadonly<z.input<typeof requestSchema>>["labels"];
  /** Classifier-free guidance scale g in e_null + g (e_class - e_null). */
  guidance?: DeepReadonly<z.input<typeof requestSchema>>["guidance"];
  /**
   * Noise: counter-based, or what torch.manual_seed and torch.randn draw on a CPU (sample i: seeds[i], or seed +
   * firstSample + i).
   */
  rng?: DeepReadonly<z.input<typeof requestSchema>>["rng"];
  /** Standard deviation of x_T; default sigma of the first level. */
  initialScale?: DeepReadonly<z.input<typeof requestSchema>>["initialScale"];
  /** What is done to every data prediction: clamped to a range, or thresholded at a quantile. */
  thresholding?: DeepReadonly<z.input<typeof requestSchema>>["thresholding"];
  /** Replace the result by one more data prediction at the last level. */
  denoiseToZero?: DeepReadonly<z.input<typeof requestSchema>>["denoiseToZero"];
  /** Arithmetic of the sampler, and of the samples; the model keeps its own. */
  dtype?: DeepReadonly<z.input<typeof requestSchema>>["dtype"];
  /** Where the vectors live and the solver's arithmetic runs; the numbers are the same. */
  device?: DeepReadonly<z.input<typeof requestSchema>>["device"];
  /** In an engine: higher goes first, equal ones in order of arrival. */
  priority?: DeepReadonly<z.input<typeof requestSchema>>["priority"];
};

/** A request with its defaults. */
export type Asked = z.output<typeof requestSchema>;
