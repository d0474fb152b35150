import { received } from "../../checks/received.js";
import { requireArgument, unknownName } from "../../errors.js";
import type { Metric } from "./metric.js";
import { featureMetrics } from "./of-features.js";
import { trajectoryMetrics } from "./of-trajectory.js";
import { truthMetrics } from "./of-truth.js";

/** Every metric by name, in the order reports list them. */
export const evaluationMetrics: ReadonlyMap<string, Metric> = new Map(
  [...featureMetrics, ...truthMetrics, ...trajectoryMetrics].map((metric) => [metric.name, metric]),
);

/** @throws QuenchError UNKNOWN_NAME with the nearest name */
export function findMetric(name: string): Metric {
  requireArgument(typeof name === "string", "metric", () => `expected a name, received ${received(name)}`);
  const metric = evaluationMetrics.get(name);
  if (!metric) throw unknownName("metric", name, [...evaluationMetrics.keys()]);
  return metric;
}
