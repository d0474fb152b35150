export { findSolver, solvers } from "./registry.js";
export { defineSolver, type Run, type SolverDefinition, type Step, type Term } from "./solver.js";
