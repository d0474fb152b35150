import {
  bootstrap,
  bootstrapFrechet,
  bootstrapMean,
  classAccuracy,
  inceptionScore,
  kernelDistance,
  precisionRecall,
} from "../../metrics/index.js";
import type { Vector } from "../../native/index.js";
import type { Metric } from "./metric.js";

/** Neighbours of precision and recall. */
const neighbours = 3;

/** Metrics of image models, by a feature network. */
export const featureMetrics: readonly Metric[] = [
  {
    name: "fd",
    title: "Fréchet distance",
    better: "lower",
    needs: ["reference statistics"],
    minimum: () => 3,
    measure: ({ features }, { network }, resampling) =>
      bootstrapFrechet(features!, network!.reference!, resampling),
  },
  {
    name: "kid",
    title: "kernel distance",
    better: "lower",
    needs: ["real samples"],
    minimum: () => 3,
    async measure({ features }, { network, real }, resampling) {
      const { perSample } = await kernelDistance(features!, real!, network!.dimension);
      return bootstrapMean(perSample, resampling);
    },
  },
  {
    name: "is",
    title: "Inception score",
    better: "higher",
    needs: ["logits"],
    minimum: () => 10,
    measure({ logits, count }, { network }, resampling) {
      const classes = network!.classes!;
      return bootstrap((indices) => inceptionScore(rowsAt(logits!, classes, indices), classes).score, {
        count,
        ...resampling,
      });
    },
  },
  {
    name: "precision",
    title: "precision",
    better: "higher",
    needs: ["real samples"],
    minimum: () => neighbours + 1,
    async measure({ features }, { network, real }, resampling) {
      const { precise } = await precisionRecall(real!, features!, network!.dimension, neighbours);
      return bootstrapMean(precise, resampling);
    },
  },
  {
    // Its noise is that of the real samples, which are resampled, the same in every seed: the manifold of the drawn
    // ones stays.
    name: "recall",
    title: "recall",
    better: "higher",
    needs: ["real samples"],
    minimum: () => neighbours + 1,
    async measure({ features }, { network, real }, { resamples }) {
      const { recalled } = await precisionRecall(real!, features!, network!.dimension, neighbours);
      return bootstrapMean(recalled, { resamples });
    },
  },
  {
    name: "accuracy",
    title: "recognised by the classifier",
    better: "higher",
    needs: ["logits", "labels"],
    minimum: () => 2,
    measure: ({ logits, labels }, { network }, resampling) =>
      bootstrapMean(classAccuracy(logits!, network!.classes!, labels!).perSample, resampling),
  },
];

/** Rows of an array at some indices. */
function rowsAt(values: Vector, size: number, indices: Uint32Array): Vector {
  const rows = new (values.constructor as Float64ArrayConstructor)(indices.length * size);
  for (const [i, row] of indices.entries()) rows.set(values.subarray(row * size, (row + 1) * size), i * size);
  return rows;
}
