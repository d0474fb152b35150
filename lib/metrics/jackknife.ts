import { mean } from "./mean.js";
import { fewestOfClass, strataOf } from "./strata.js";

/** Groups of samples that are left out in turn. */
export interface JackknifeGroups {
  /** Of each sample. */
  readonly group: Uint32Array;
  readonly sizes: readonly number[];
  /** Groups by class: one list where classes play no part, or every group has its share of each. */
  readonly strata: readonly Uint32Array[];
}

/** A metric is computed once for each group; a standard error from so many is known to some 5 %. */
export const mostGroups = 250;

/**
 * One sample each, or more where there are many. Within a class where there is room for that; else a group takes
 * its samples from the classes in turn.
 */
export function jackknifeGroups(
  count: number,
  strata?: ArrayLike<number>,
  most = mostGroups,
): JackknifeGroups {
  const classes = strataOf(count, strata);
  const per = Math.ceil(count / most);
  const within = classes.every(({ length }) => length >= fewestOfClass * per);
  const lists = within ? classes : [inTurn(classes)];
  const group = new Uint32Array(count);
  const sizes: number[] = [];
  const groupsOf = lists.map((list) => {
    const first = sizes.length;
    list.forEach((sample, i) => {
      const index = first + Math.floor(i / per);
      group[sample] = index;
      sizes[index] = (sizes[index] ?? 0) + 1;
    });
    return Uint32Array.from({ length: sizes.length - first }, (_, i) => first + i);
  });
  return { group, sizes, strata: groupsOf };
}

/** The first of every class, the second of every class … */
function inTurn(classes: readonly Uint32Array[]): Uint32Array {
  const longest = Math.max(...classes.map(({ length }) => length));
  const order: number[] = [];
  for (let i = 0; i < longest; i++) for (const list of classes) if (i < list.length) order.push(list[i]!);
  return Uint32Array.from(order);
}

/**
 * What each group adds to a metric, to first order: n' (θ − θ') / n, for a group outside of which n' of n samples are
 * left and the metric is θ'. Less the mean of its class: their sum is zero.
 *
 * @param without the metric without each group
 */
export function influences(
  value: number,
  without: Float64Array,
  { group, sizes, strata }: JackknifeGroups,
): Float64Array {
  const count = group.length;
  const own = without.map((other, g) => ((count - sizes[g]!) * (value - other)) / count);
  for (const groups of strata) {
    const centre = mean(Array.from(groups, (g) => own[g]!));
    for (const g of groups) own[g]! -= centre;
  }
  return own;
}
