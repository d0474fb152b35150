import { requireArgument } from "../errors.js";
import { difference, type Interval, interval, type Replicates } from "../metrics/index.js";
import type { CellResult } from "./cell.js";

/**
 * The difference a − b of two cells in a metric, with the interval of the paired bootstrap: both cells began from the
 * same noises, and each resample takes the same of them in both.
 *
 * @throws QuenchError INVALID_ARGUMENT for a metric that a cell does not have, or cells of different noises
 */
export function compare(a: CellResult, b: CellResult, metric: string): Interval {
  const same = a.samples === b.samples && a.seeds.join() === b.seeds.join();
  requireArgument(same, "cells", "expected cells of the same seeds and number of samples");
  requireArgument(
    JSON.stringify(a.labels) === JSON.stringify(b.labels),
    "cells",
    "expected cells of the same classes",
  );
  return interval(difference(replicatesOf(a, metric), replicatesOf(b, metric)));
}

function replicatesOf({ replicates, method }: CellResult, metric: string): Replicates {
  const found = replicates[metric];
  requireArgument(found !== undefined, "metric", `the cell of "${method}" has no "${metric}"`);
  return found;
}
