export type { Batch, Denoiser } from "./denoiser.js";
export { gaussianMixture, type MixtureOptions } from "./mixture.js";
export type { MixtureWorld } from "./mixture-world.js";
export { type LoadModelOptions, loadModel, type Model } from "./model.js";
export { type ModelConfig, modelJsonSchema, modelSchema, type ProcessConfig } from "./model-schema.js";
export { type OnnxDenoiserOptions, onnxDenoiser } from "./onnx.js";
export type { SessionOptions } from "./onnx-runtime.js";
export { processFromConfig } from "./process-config.js";
export { configFromScheduler, type SchedulerConfig } from "./scheduler-config.js";
