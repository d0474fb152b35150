export { dpmSolverV3 } from "./dpm-solver-v3.js";
export type { ModelStatistics } from "./statistics.js";
