export { Evaluator, type EvaluatorOptions } from "./evaluator.js";
export { type NoiseSource, recordedNoise } from "./noise.js";
export { type Dtype, VectorPool } from "./pool.js";
export { requestSchema, resolveRequest, type SampleRequest } from "./request.js";
export type { StepReport } from "./run.js";
export { runRequest, type Samples, sample, sampleSteps, type Timings } from "./sample.js";
