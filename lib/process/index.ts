export { type EdmOptions, edm } from "./edm.js";
export { type FlowOptions, flow } from "./flow.js";
export { type Level, level, scaledSigma } from "./level.js";
export {
  linearClock,
  type NoiseClock,
  varianceClock,
  vpClock,
  vpClockOf,
} from "./noise-clock.js";
export {
  type Conversion,
  inputScale,
  type Prediction,
  type PredictionForm,
  predictions,
  toData,
  toNoise,
} from "./prediction.js";
export { atScaledSigma, type Process } from "./process.js";
export { type BetaSchedule, betaTable, type VpDiscreteOptions, vpDiscrete } from "./vp-discrete.js";
export { type VpLinearOptions, variancePreservingLevel, vpLinear } from "./vp-linear.js";
