export type { SolverChoice } from "./candidate.js";
export type { Budget } from "./plan.js";
export type { FeatureJudge } from "./subject.js";
export { type TunePresetOptions, type TuneProgress, tunePreset } from "./tune.js";
