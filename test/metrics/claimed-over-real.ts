import { interval, type Replicates } from "../../lib/metrics/index.js";
import { mean, standardDeviation } from "../../lib/metrics/mean.js";

/** The standard error that a metric's intervals claim, over how its values of independent draws really scatter. */
export function claimedOverReal(draws: readonly Replicates[]): number {
  const claimed = mean(draws.map((draw) => interval(draw).standardError));
  return claimed / standardDeviation(draws.map(({ value }) => value));
}
