export { type FeatureNetwork, openFeatures } from "./features.js";
export { frechetDistance } from "./frechet.js";
export { type FeatureStatistics, StatisticsAccumulator } from "./statistics.js";
