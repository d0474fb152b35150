export { callsOf } from "./calls.js";
export type { CloseOptions } from "./close-options.js";
export { type Conditions, isConditionRow } from "./conditions.js";
export { type AnySolver, type CustomSolver, requireNamedSolver } from "./custom-solver.js";
export { type Draw, draw } from "./draw.js";
export {
  Engine,
  type EngineOptions,
  type EngineRequestOptions,
} from "./engine.js";
export { Evaluator, type EvaluatorOptions } from "./evaluator.js";
export { effectiveGuidance, modelRowsPerSample } from "./guidance.js";
export type { AroundCall } from "./model-call.js";
export { modelScheduler } from "./model-scheduler.js";
export { type NoiseSource, recordedNoise } from "./noise.js";
export { partOf } from "./part.js";
export type { OnPass, Streams } from "./passes.js";
export { VectorPool } from "./pool.js";
export type { Progress } from "./progress.js";
export { checkRequest, type ResolvedRequest, resolveRequest, type SampleRequest } from "./request.js";
export { countOf } from "./request-samples.js";
export { type JsonRequest, requestSchema } from "./request-schema.js";
export { type StepReport, stepsOf, within } from "./run.js";
export { beginRun, runRequest, type Samples, sample, sampleSteps, type Timings } from "./sample.js";
export type { Frames, ModelDescription, ModelSource, PortableReport } from "./service/protocol.js";
export type { SpawnedRequestOptions, SpawnOptions } from "./service/spawn-options.js";
export type { SpawnedEngine } from "./service/spawned-engine.js";
export type { Isolation } from "./service/worker-handle.js";
export type { EngineStatistics, Percentiles, Tick } from "./statistics.js";
export { EngineSaturatedError } from "./waiting-line.js";
