import type { RegisterOptions } from "fastify";
import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { isObject, received } from "../checks/received.js";
import type { SpawnedEngine } from "../engine/index.js";
import { requireArgument, requireInteger } from "../errors.js";
import type { Preset } from "../preset/index.js";
import { defaultBodyLimit } from "./body.js";
import { defaultTimeLimit, type RequestLimits } from "./limits.js";
import type { EngineMetrics } from "./prometheus.js";

export interface QuenchPluginOptions extends RequestLimits {
  /** The engines to serve, by the name that clients call them. */
  readonly models: Readonly<Record<string, SpawnedEngine>>;
  /**
   * By the same names: what requests are drawn with that leave all to the server (no solver, grid, steps, guidance,
   * preset, or anything else a preset decides). One with guidance is for those of them that have labels.
   */
  readonly presets?: Readonly<Record<string, Preset>>;
  /** Largest body in bytes. Default 1 MiB. Lists and the number of values in it are bounded in proportion. */
  readonly bodyLimit?: number;
  /** Most bytes of answers that are being drawn or wait for slow readers, over all connections. Default 256 MiB. */
  readonly outgoingLimit?: number;
  /**
   * Seconds after which a reader that takes nothing of its answer is cut off. Default 30. One that takes a little
   * at a time has as long as 32 KiB a second need, and never less than this.
   */
  readonly sendTimeout?: number;
  /** Served at `/metrics`; made by `engineMetrics` of `quench/prometheus`. */
  readonly metrics?: EngineMetrics;
}

/** With what Fastify itself takes of a plugin's options. */
const pluginOptions: OptionNames<QuenchPluginOptions & RegisterOptions> = {
  models: true,
  presets: true,
  numberLimit: true,
  evaluationLimit: true,
  timeLimit: true,
  priorities: true,
  bodyLimit: true,
  outgoingLimit: true,
  sendTimeout: true,
  metrics: true,
  prefix: true,
  logLevel: true,
  logSerializers: true,
};

/** The options with their defaults. */
export interface PluginSettings extends Required<Omit<QuenchPluginOptions, keyof RequestLimits | "metrics">> {
  readonly limits: Required<RequestLimits>;
  readonly metrics: EngineMetrics | undefined;
}

/** @throws QuenchError INVALID_ARGUMENT, or UNKNOWN_NAME for an option that is none */
export function settingsOf(options: QuenchPluginOptions): PluginSettings {
  requireKnownOptions<QuenchPluginOptions>(options, pluginOptions);
  const { models, presets = {}, metrics } = options;
  const { bodyLimit = defaultBodyLimit, outgoingLimit = 2 ** 28, sendTimeout = 30 } = options;
  const { numberLimit = 2 ** 21, evaluationLimit = 100_000, priorities = false } = options;
  const { timeLimit = defaultTimeLimit } = options;
  requireModels(models);
  const positive = { outgoingLimit, sendTimeout, numberLimit, evaluationLimit, timeLimit };
  for (const [name, value] of Object.entries(positive))
    requireArgument(value > 0, name, `expected a number above 0, received ${value}`);
  requireInteger(bodyLimit, "bodyLimit", { most: Number.MAX_SAFE_INTEGER });
  const limits = { numberLimit, evaluationLimit, timeLimit, priorities };
  return { models, presets, bodyLimit, outgoingLimit, sendTimeout, limits, metrics };
}

function requireModels(models: unknown): void {
  requireArgument(
    isObject(models),
    "models",
    () => `expected engines by name, as { digits: engine }, received ${received(models)}`,
  );
  requireArgument(Object.keys(models).length > 0, "models", "expected at least one engine");
  for (const [name, engine] of Object.entries(models))
    requireArgument(
      isObject(engine) && "isReady" in engine,
      `models.${name}`,
      () => `expected an engine made by Engine.spawn, received ${received(engine)}`,
    );
}
