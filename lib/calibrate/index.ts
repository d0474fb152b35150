export { calibrateIia, findIiaMember, type IiaOptions } from "./iia/index.js";
export { type ImageSource, imagesInMemory, type ModelShape, openImages } from "./image-source.js";
export { type LossCurve, type LossWeighting, lossCurveSchema, riskFromLoss } from "./loss-curve.js";
export { measureNoiseEnergy, type NoiseEnergyOptions } from "./noise-energy.js";
export { measureRisk } from "./risk.js";
export type { RiskOptions } from "./risk-plan.js";
export { type SelfOptions, selfSource } from "./self-source.js";
export { type LasTuneOptions, type LasTuneRecord, type LasTuneTrial, tuneLas } from "./tune-las.js";
