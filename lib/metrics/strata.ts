import { requireArgument } from "../errors.js";

/**
 * Fewest samples of a class (or groups of them) for it to be resampled by itself: with n of them the spread comes out
 * √((n − 1)/n) of what it is.
 */
export const fewestOfClass = 10;

/**
 * Indices of samples by class, where as many of every class are drawn each time: what the numbers per class would add
 * to a metric's noise is not there, so resamples keep them. One list of all without classes, or where a class has fewer
 * than ten samples.
 *
 * @param strata the class of each sample
 * @throws QuenchError INVALID_ARGUMENT for another number of classes than samples
 */
export function strataOf(count: number, strata: ArrayLike<number> | undefined): Uint32Array[] {
  const all = Uint32Array.from({ length: count }, (_, i) => i);
  if (!strata) return [all];
  requireArgument(
    strata.length === count,
    "strata",
    `expected a class for each of ${count} samples, received ${strata.length}`,
  );
  const byClass = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const members = byClass.get(strata[i]!) ?? [];
    members.push(i);
    byClass.set(strata[i]!, members);
  }
  const lists = [...byClass.values()];
  return lists.some(({ length }) => length < fewestOfClass)
    ? [all]
    : lists.map((list) => Uint32Array.from(list));
}
