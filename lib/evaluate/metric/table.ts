import { unknownName } from "../../errors.js";
import {
  bootstrap,
  bootstrapFrechet,
  bootstrapMean,
  classAccuracy,
  inceptionScore,
  logLikelihood,
} from "../../metrics/index.js";
import { type Metric, rowsAt } from "./metric.js";

const table: readonly Metric[] = [
  {
    name: "fd",
    title: "Fréchet distance",
    better: "lower",
    needs: ["reference statistics"],
    minimum: () => 2,
    measure: ({ features }, { network }, resampling) =>
      bootstrapFrechet(features!, network!.reference!, resampling),
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
    name: "accuracy",
    title: "recognised by the classifier",
    better: "higher",
    needs: ["logits", "labels"],
    minimum: () => 2,
    measure: ({ logits, labels }, { network }, resampling) =>
      bootstrapMean(classAccuracy(logits!, network!.classes!, labels!).perSample, resampling),
  },
  {
    name: "nll",
    title: "negative mean log-likelihood",
    better: "lower",
    needs: ["truth"],
    minimum: () => 2,
    measure: ({ samples }, { truth }, resampling) =>
      bootstrapMean(logLikelihood(truth!, samples!).perSample, resampling),
  },
  {
    name: "rmse",
    title: "RMSE to the model's own trajectory",
    better: "lower",
    needs: ["reference"],
    minimum: () => 2,
    measure: ({ errors }, _judge, resampling) => bootstrapMean(errors!, resampling),
  },
  {
    name: "ode-error",
    title: "distance to the ODE's solution",
    better: "lower",
    needs: ["truth", "reference"],
    minimum: () => 2,
    measure: ({ errors, size }, _judge, resampling) =>
      bootstrapMean(
        errors!.map((error) => error * Math.sqrt(size)),
        resampling,
      ),
  },
];

/** Every metric by name, in the order reports list them. */
export const evaluationMetrics: ReadonlyMap<string, Metric> = new Map(
  table.map((metric) => [metric.name, metric]),
);

/** @throws QuenchError UNKNOWN_NAME with the nearest name */
export function findMetric(name: string): Metric {
  const metric = evaluationMetrics.get(name);
  if (!metric) throw unknownName("metric", name, [...evaluationMetrics.keys()]);
  return metric;
}
