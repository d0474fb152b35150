export * from "./calibrate/index.js";
export type { Batch, Denoiser } from "./denoiser/denoiser.js";
export * from "./denoiser/index.js";
export type { Accumulate, Coefficient, Term, Vector } from "./device/index.js";
export * from "./diffusers/index.js";
export {
  type AnySolver,
  type AroundCall,
  callsOf,
  Engine,
  type EngineOptions,
  type EngineRequestOptions,
  EngineSaturatedError,
  type EngineStatistics,
  type Frames,
  type Isolation,
  type JsonRequest,
  type ModelDescription,
  type ModelSource,
  type NoiseSource,
  type OwnSolver,
  ownScheduler,
  type Percentiles,
  type PortableReport,
  type Progress,
  recordedNoise,
  requestSchema,
  type SampleRequest,
  type Samples,
  type SpawnedEngine,
  type SpawnedRequestOptions,
  type SpawnOptions,
  type StepReport,
  sample,
  sampleSteps,
  type Tick,
  type Timings,
} from "./engine/index.js";
export { type ErrorCode, QuenchError } from "./errors.js";
export * from "./evaluate/index.js";
export * from "./io/index.js";
export * from "./metrics/index.js";
export type {
  BeamOptions,
  ScheduleMethod,
  ScheduleProblem,
  Tolerance,
  Vector as HostVector,
} from "./native/index.js";
export {
  type Finalist,
  type Preset,
  type PresetTuning,
  presetJsonSchema,
  presetSchema,
} from "./preset/index.js";
export * from "./process/index.js";
export * from "./schedule/index.js";
export {
  type AskedRun,
  type Diagnostics,
  defineSolver,
  type FormStep,
  findSolver,
  type IiaArtifact,
  type IiaMember,
  type IiaMemberOptions,
  type IiaStep,
  type Interval as StepInterval, // metrics have an Interval of their own
  iiaJsonSchema,
  iiaSchema,
  type MeasuredOrder,
  type NoiseEnergy,
  type Quantity,
  type Run,
  type SolverDefinition,
  type SolverGrid,
  type Step,
  type StepForm,
  solvers,
  type Tuple as VectorTuple,
  type Vectors,
} from "./solver/index.js";
export * from "./thresholding/index.js";
export * from "./tune/index.js";
