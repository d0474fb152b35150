export { type NoiseEnergy, noiseEnergySchema } from "./ancestral/index.js";
export {
  adjusted,
  type FormStep,
  type IiaArtifact,
  type IiaMember,
  type IiaMemberOptions,
  type IiaStep,
  iiaJsonSchema,
  iiaMember,
  iiaMembers,
  iiaSchema,
  LookAhead,
  type Quantity,
  type StepForm,
  sayable,
} from "./iia/index.js";
export { findSolver, solvers } from "./registry.js";
export {
  type AskedRun,
  type Diagnostics,
  defineSolver,
  type Interval,
  isStochastic,
  type MeasuredOrder,
  type Run,
  runsPerSample,
  type SolverDefinition,
  type SolverGrid,
  type Step,
  type Term,
  type Tuple,
  type Vectors,
} from "./solver.js";
