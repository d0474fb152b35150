import { QuenchError, requireArgument } from "../../errors.js";
import type { Draws } from "../expand.js";
import type { Judge, Metric, Need } from "./metric.js";
import { evaluationMetrics, findMetric } from "./table.js";

/** What is there to judge by, and what to say where it is not. */
function missing(need: Need, { network, truth }: Judge, { labels }: Draws): string | undefined {
  switch (need) {
    case "reference statistics":
      if (!network) return "a folder with features.json; give one as features";
      return network.reference ? undefined : "reference statistics, which the features.json does not name";
    case "logits":
      return network?.classes ? undefined : "a classifier: a folder with features.json that names its logits";
    case "labels":
      return labels ? undefined : "a class-conditional model";
    case "truth":
      return truth ? undefined : "a mixture, whose distribution is known";
    case "reference":
      return undefined;
  }
}

/**
 * The metrics asked for, or all that can be had.
 * @throws QuenchError UNKNOWN_NAME; INVALID_ARGUMENT where something that a metric needs is missing, or samples are
 * too few for it
 */
export function chooseMetrics(names: readonly string[] | undefined, judge: Judge, draws: Draws): Metric[] {
  const lacks = (metric: Metric) =>
    metric.needs.map((need) => missing(need, judge, draws)).find((text) => text !== undefined);
  const chosen = names
    ? [...new Set(names)].map(findMetric)
    : [...evaluationMetrics.values()].filter(
        (metric) => lacks(metric) === undefined && metric.minimum(judge) <= draws.samples,
      );
  for (const metric of chosen) {
    const lack = lacks(metric);
    if (lack)
      throw new QuenchError("INVALID_ARGUMENT", `"${metric.name}" needs ${lack}`, { where: "metrics" });
    const least = metric.minimum(judge);
    requireArgument(
      draws.samples >= least,
      "samples",
      `"${metric.name}" needs at least ${least} per seed, received ${draws.samples}`,
    );
  }
  return chosen;
}
