import { QuenchError, requireArgument } from "../../errors.js";
import { sizeOf } from "../../shape.js";
import type { Draws } from "../draws.js";
import type { Judge, Metric, Need } from "./metric.js";
import { evaluationMetrics, findMetric } from "./table.js";

/** What there is to judge by, before it is read. */
export interface Available extends Pick<Judge, "network" | "truth"> {
  /** Whether there are real samples. */
  readonly real: boolean;
}

/** What to say where something that a metric needs is not there. */
function missing(need: Need, { network, truth, real }: Available, { labels }: Draws): string | undefined {
  const features = "a feature network: a folder with features.json";
  switch (need) {
    case "reference statistics":
      if (!network) return features;
      return network.reference ? undefined : "reference statistics, which the features.json does not name";
    case "real samples":
      if (!network) return features;
      return real ? undefined : "real samples; give some as real";
    case "logits":
      return network?.classes ? undefined : "a classifier: a folder whose features.json names its logits";
    case "labels":
      if (!labels) return "a class-conditional model";
      return labels.every((label) => label < (network?.classes ?? 0))
        ? undefined
        : "samples of classes that the classifier knows";
    case "truth":
      return truth ? undefined : "a mixture, whose distribution is known";
    case "density":
      return truth && !hasPoints(truth) ? undefined : "a mixture with a density: no component a point";
    case "modes":
      return truth && truth.means.length > 1 ? undefined : "a mixture of several components";
    case "bins":
      return truth?.stds && sizeOf(truth.shape) <= 2
        ? undefined
        : "a mixture of isotropic components in one or two dimensions";
    case "reference":
      return undefined;
  }
}

function hasPoints({ stds }: NonNullable<Judge["truth"]>): boolean {
  return stds !== undefined && Array.from(stds).some((std) => std === 0);
}

/**
 * The metrics asked for, or all that can be had.
 * @throws QuenchError UNKNOWN_NAME; INVALID_ARGUMENT where something that a metric needs is missing, or samples are
 * too few for it
 */
export function chooseMetrics(
  names: readonly string[] | undefined,
  available: Available,
  draws: Draws,
): Metric[] {
  const lackOf = (metric: Metric) =>
    metric.needs.map((need) => missing(need, available, draws)).find((text) => text !== undefined);
  const leastFor = (metric: Metric) => metric.minimum({ ...available, real: undefined, exact: undefined });
  if (!names) {
    return [...evaluationMetrics.values()].filter(
      (metric) => lackOf(metric) === undefined && leastFor(metric) <= draws.samples,
    );
  }
  const chosen = [...new Set(names)].map(findMetric);
  for (const metric of chosen) {
    const lack = lackOf(metric);
    if (lack)
      throw new QuenchError("INVALID_ARGUMENT", `"${metric.name}" needs ${lack}`, { where: "metrics" });
    const least = leastFor(metric);
    requireArgument(
      draws.samples >= least,
      "samples",
      `"${metric.name}" needs at least ${least} per seed, received ${draws.samples}`,
    );
  }
  return chosen;
}
