import { bootstrapMean } from "../../metrics/index.js";
import type { Metric } from "./metric.js";

/** Metrics of a deterministic solver's error: how far it ends from the finely solved trajectory of the same noise. */
export const trajectoryMetrics: readonly Metric[] = [
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
