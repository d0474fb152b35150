import { circle8, gaussianMixture, sampleMixture } from "../../lib/index.js";
import { featureStatistics } from "../../lib/metrics/index.js";
import { normals } from "../../lib/native/index.js";
import type { FeatureJudge, TunePresetOptions } from "../../lib/tune/index.js";

/** Eight Gaussians on a circle, exactly denoised. */
export const circle = gaussianMixture(circle8);

let drawn = 0;
const data = sampleMixture(circle8, 2000, (out) => {
  normals(out, BigUint64Array.of(5n), BigUint64Array.of(0n), 9, drawn);
  drawn += out.length;
});

/** Samples of the plane are their own features. */
export const plane: FeatureJudge = {
  dimension: 2,
  shape: [2],
  hash: "plane",
  reading: { features: "plane" },
  reference: featureStatistics(data, 2),
  evaluate: async (samples) => ({ features: Float32Array.from(samples) }),
  extract: async (samples) => Float32Array.from(samples),
  close: async () => {},
};

/** A small search. */
export const small: TunePresetOptions = {
  nfe: 5,
  budget: { rows: 12_000 },
  solvers: [{ name: "dpm-solver++-2m" }, { name: "ipndm" }, { name: "ddim" }, { name: "unipc", order: 2 }],
};
