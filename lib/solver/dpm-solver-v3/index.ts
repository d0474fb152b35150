export { dpmSolverV3 } from "./dpm-solver-v3.js";
