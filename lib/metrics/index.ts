export { type Accuracy, classAccuracy } from "./accuracy.js";
export {
  averageReplicates,
  type BootstrapOptions,
  bootstrap,
  bootstrapMean,
  difference,
  type IndexMetric,
  type Interval,
  interval,
  type Replicates,
} from "./bootstrap.js";
export { type FeatureNetwork, type Features, openFeatures } from "./features.js";
export { type FeatureOptions, type FeaturesConfig, featuresSchema } from "./features-config.js";
export { frechetDistance, type GaussianStatistics } from "./frechet.js";
export { bootstrapFrechet } from "./frechet-bootstrap.js";
export { type InceptionScore, inceptionScore } from "./inception-score.js";
export { type KernelDistance, kernelDistance } from "./kernel-distance.js";
export { type BinnedDivergence, type BinnedOptions, bootstrapBinned, klBinned } from "./kl-binned.js";
export { klByNeighbours } from "./kl-neighbours.js";
export { type LogLikelihood, logLikelihood } from "./log-likelihood.js";
export { bootstrapModeWeights, type ModeWeights, modeWeights } from "./mode-weights.js";
export { type PrecisionRecall, precisionRecall } from "./precision-recall.js";
export { type Preprocessing, preprocessings } from "./preprocess.js";
export { type Rmse, rmse } from "./rmse.js";
export { overSeeds, type SeedSummary } from "./seeds.js";
export { bootstrapSliced, type SlicedOptions, slicedWasserstein } from "./sliced-wasserstein.js";
export { type FeatureStatistics, featureStatistics, StatisticsAccumulator } from "./statistics.js";
export { type ExpectedStatistics, readStatistics, writeStatistics } from "./statistics-file.js";
