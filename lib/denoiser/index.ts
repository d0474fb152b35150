export type { ConditionTable, ConditionTables } from "./condition-tables.js";
export type { Batch, Denoiser } from "./denoiser.js";
export { type FunctionDenoiserOptions, functionDenoiser } from "./function.js";
export { gaussianMixture, type MixtureOptions } from "./mixture.js";
export { type MixtureModel, mixtureJsonSchema, mixtureSchema } from "./mixture-config.js";
export {
  logComponents,
  logDensity,
  type NoiseScale,
  type NormalSource,
  sampleMixture,
} from "./mixture-tools.js";
export type { MixtureWorld } from "./mixture-world.js";
export { type LoadModelOptions, loadModel, type Model } from "./model.js";
export { type ModelConfig, modelJsonSchema, modelSchema, type ProcessConfig } from "./model-schema.js";
export type { ModelStamp } from "./model-stamp.js";
export { type OnnxDenoiserOptions, onnxDenoiser } from "./onnx.js";
export { processFromConfig } from "./process-config.js";
export { configFromScheduler, type SchedulerConfig } from "./scheduler-config.js";
export type { SessionOptions } from "./session-options.js";
export { circle8, continuous5, continuous15, discrete5, discrete15, grid8, worlds } from "./worlds.js";
