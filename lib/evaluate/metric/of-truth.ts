import { type MixtureWorld, sampleMixture } from "../../denoiser/index.js";
import {
  bootstrapBinned,
  bootstrapMean,
  bootstrapModeWeights,
  bootstrapSliced,
  logLikelihood,
} from "../../metrics/index.js";
import { leastForModeWeights } from "../../metrics/mode-weights.js";
import { normals } from "../../native/index.js";
import type { Metric } from "./metric.js";

/** Directions of the sliced Wasserstein distance: few, since every resample goes through all of them. */
const directions = 32;
/** Stream of the normals that exact samples are made of; those of draws are below it. */
const exactStream = 0x65786163;

/** Exact samples of a mixture, the same for every cell. */
export function exactSamples(world: MixtureWorld, count: number): Float64Array {
  let drawn = 0;
  return sampleMixture(world, count, (out) => {
    normals(out, BigUint64Array.of(0n), BigUint64Array.of(0n), exactStream, drawn);
    drawn += out.length;
  });
}

/** Metrics of mixtures, whose distribution is known. */
export const truthMetrics: readonly Metric[] = [
  {
    name: "nll",
    title: "negative mean log-likelihood",
    better: "lower",
    needs: ["density"],
    minimum: () => 2,
    measure: ({ samples }, { truth }, resampling) =>
      bootstrapMean(logLikelihood(truth!, samples!).perSample, resampling),
  },
  {
    name: "kl",
    title: "KL divergence, binned",
    better: "lower",
    needs: ["bins"],
    minimum: () => 100,
    measure: ({ samples }, { truth }, resampling) => bootstrapBinned(truth!, samples!, {}, resampling),
  },
  {
    name: "sliced-wasserstein",
    title: "sliced Wasserstein distance",
    better: "lower",
    needs: ["truth"],
    minimum: () => 2,
    measure: ({ samples, size }, { exact }, resampling) =>
      bootstrapSliced(samples!, exact!, size, { directions }, resampling),
  },
  {
    name: "mode-weights",
    title: "χ² of the modes' weights",
    better: "lower",
    needs: ["density", "modes"],
    minimum: ({ truth }) => leastForModeWeights(truth!),
    measure: ({ samples }, { truth }, resampling) => bootstrapModeWeights(truth!, samples!, resampling),
  },
];
