export { type NoiseEnergy, noiseEnergySchema } from "./ancestral/index.js";
export {
  type IiaArtifact,
  type IiaMember,
  type IiaStep,
  iiaJsonSchema,
  iiaMember,
  iiaMembers,
  iiaSchema,
  type Statement,
  type StateStep,
  sayable,
  takeStep,
} from "./iia/index.js";
export { findSolver, solvers } from "./registry.js";
export {
  type Diagnostics,
  defineSolver,
  type Run,
  type SolverDefinition,
  type Step,
  type Term,
} from "./solver.js";
