export { type NoiseEnergy, noiseEnergySchema } from "./ancestral/index.js";
export {
  adjusted,
  type FormStep,
  type IiaArtifact,
  type IiaMember,
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
  type Diagnostics,
  defineSolver,
  isStochastic,
  type Run,
  runsPerSample,
  type SolverDefinition,
  type Step,
  type Term,
} from "./solver.js";
