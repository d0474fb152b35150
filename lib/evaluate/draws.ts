import { cycled } from "../cycled.js";
import type { Denoiser } from "../denoiser/index.js";
import type { SampleRequest } from "../engine/index.js";
import { requireArgument } from "../errors.js";
import type { CellRequest } from "./cell.js";
import type { ParsedPlan } from "./plan.js";

/** Which samples every cell of a plan draws. */
export interface Draws {
  readonly samples: number;
  readonly seeds: readonly bigint[];
  /** Class of sample i of every seed; undefined for models without classes. */
  readonly labels: readonly number[] | undefined;
}

/** @throws QuenchError INVALID_ARGUMENT for classes that the model does not have, or seeds that are equal */
export function drawsOf(
  { samples, seeds, labels }: ParsedPlan,
  { name, classes, nullClass }: Denoiser,
): Draws {
  const numbers = seeds.map(BigInt);
  requireArgument(new Set(numbers).size === numbers.length, "seeds", "expected different seeds");
  if (!classes) {
    requireArgument(
      labels === undefined || labels === "none",
      "labels",
      `the model "${name}" has no classes`,
    );
    return { samples, seeds: numbers, labels: undefined };
  }
  const cycle = labels === "none" ? [] : Array.isArray(labels) ? labels : classes.map((_, label) => label);
  if (cycle.length === 0) {
    requireArgument(
      nullClass !== undefined,
      "labels",
      "the model has no null class: give the samples classes",
    );
    return { samples, seeds: numbers, labels: new Array<number>(samples).fill(nullClass) };
  }
  for (const label of cycle)
    requireArgument(
      label < classes.length,
      "labels",
      `expected classes in [0, ${classes.length - 1}], received ${label}`,
    );
  return {
    samples,
    seeds: numbers,
    labels: cycled(cycle, samples),
  };
}

/** The shortest list of classes that repeats to the whole. */
export function cycleOf(labels: readonly number[]): number[] {
  for (let length = 1; length < labels.length; length++)
    if (labels.every((label, i) => label === labels[i % length])) return labels.slice(0, length);
  return [...labels];
}

/** The request for samples [first, end) of one seed. */
export function withDraws(
  request: CellRequest,
  { labels }: Draws,
  seed: bigint,
  first: number,
  end: number,
): SampleRequest {
  return {
    ...request,
    seed,
    firstSample: first,
    count: end - first,
    ...(labels ? { labels: labels.slice(first, end) } : {}),
  };
}
