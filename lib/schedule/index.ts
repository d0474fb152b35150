export { symmetricBetaQuantile } from "./beta-quantile.js";
export {
  cumulative,
  type EntropicTime,
  entropicTime,
  entropyRate,
  type NoiseCoordinate,
  type Quadrature,
  spectralCurve,
} from "./entropic.js";
export { type FoundSchedule, findSchedule } from "./find.js";
export { gaussianScale } from "./gaussian-optimal.js";
export {
  type Grid,
  type GridMaker,
  type GridRequest,
  type GridStep,
  gridMaker,
  gridSchema,
  intervalsOf,
} from "./grid.js";
export { type LasSchedule, lossAdaptiveSchedule } from "./las.js";
export type { LasOptions, LasSearch } from "./las-problem.js";
export { type Schedule, type ScheduleModel, scheduleNames, schedules } from "./registry.js";
export {
  type RiskArtifact,
  type RiskSpectrum,
  riskJsonSchema,
  riskSchema,
} from "./risk-artifact.js";
export { type CurveOptions, type RiskCurve, riskCurve } from "./risk-curve.js";
export type { GridTime, Rule, TimeBetween } from "./schedule.js";
export type { ScheduleOption, ScheduleOptions, ScheduleRequest } from "./schedule-request.js";
export { atIntegerTimesteps, atTrainedTimesteps } from "./timesteps.js";
