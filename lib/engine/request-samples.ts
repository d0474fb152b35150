import type { Denoiser } from "../denoiser/denoiser.js";
import { QuenchError, requireArgument } from "../errors.js";
import { effectiveGuidance } from "./guidance.js";
import type { Asked, JsonRequest } from "./request-schema.js";

/** Samples that a request asks for. */
export function countOf({
  count,
  seeds,
  labels,
}: {
  readonly [Member in "count" | "seeds" | "labels"]?: JsonRequest[Member] | undefined;
}): number {
  return count ?? seeds?.length ?? (Array.isArray(labels) ? labels.length : 1);
}

/** Seed and number of every sample, which key its noise. */
export function resolveSeeds(asked: Asked) {
  const { seed, seeds, firstSample } = asked;
  const rows = countOf(asked);
  if (seeds)
    requireArgument(
      seeds.length === rows,
      "seeds",
      `expected ${rows} seeds, one per sample, received ${seeds.length}`,
    );
  if (!seeds) requireSampleNumbers(asked, rows);
  return {
    rows,
    seeds: seeds
      ? BigUint64Array.from(seeds, (seed, i) => toSeed(seed, `seeds[${i}]`))
      : new BigUint64Array(rows).fill(toSeed(seed, "seed")),
    samples: seeds ? new BigUint64Array(rows) : numbered(rows, firstSample),
  };
}

function numbered(rows: number, first: number): BigUint64Array {
  const numbers = new BigUint64Array(rows);
  for (let i = 0; i < rows; i++) numbers[i] = BigInt(first + i);
  return numbers;
}

/** The counter-based noise numbers samples in 32 bits; PyTorch's seeds, which sample numbers are added to, have 64. */
function requireSampleNumbers({ seed, firstSample, rng }: Asked, rows: number): void {
  const last = BigInt(firstSample) + BigInt(rows) - 1n;
  const torch = rng === "torch-cpu";
  requireArgument(
    torch ? last <= Number.MAX_SAFE_INTEGER && toSeed(seed, "seed") + last < 2n ** 64n : last < 2n ** 32n,
    "firstSample",
    () => (torch ? `seed + ${last} is beyond 2^64 - 1` : `sample ${last} is beyond 2^32 - 1`),
  );
}

function toSeed(seed: bigint | number | string, where: string): bigint {
  const value = BigInt(seed);
  requireArgument(value < 2n ** 64n, where, `expected an integer in [0, 2^64), received ${seed}`);
  return value;
}

/** The class of every sample; the null class where none is asked for. */
export function resolveLabels(
  denoiser: Denoiser,
  labels: Asked["labels"],
  rows: number,
): Int32Array | undefined {
  const { classes, nullClass } = denoiser;
  if (labels === undefined) {
    if (!classes || nullClass === undefined) {
      requireArgument(
        !classes,
        "labels",
        "the model is class-conditional and has no null class: give every sample a class",
      );
      return undefined;
    }
    return new Int32Array(rows).fill(nullClass);
  }
  if (!classes)
    throw new QuenchError("INVALID_ARGUMENT", `the model "${denoiser.name}" is not class-conditional`, {
      where: "labels",
    });
  const list = Array.isArray(labels) ? labels : new Array<number>(rows).fill(labels);
  requireArgument(
    list.length === rows,
    "labels",
    `expected ${rows} labels, one per sample, received ${list.length}`,
  );
  for (const [i, label] of list.entries()) {
    const valid = label < classes.length || label === nullClass;
    requireArgument(
      valid,
      `labels[${i}]`,
      `expected a class in [0, ${classes.length - 1}]${nullClass === undefined ? "" : `, or ${nullClass} for none`}, received ${label}`,
    );
  }
  return Int32Array.from(list);
}

/**
 * The scale, or undefined where it asks for the model as it is.
 * @param conditioned whether the request brings conditions, which guidance goes towards as towards a class
 */
export function resolveGuidance(
  denoiser: Denoiser,
  { guidance: scale }: Asked,
  labels: Int32Array | undefined,
  conditioned: boolean,
): number | undefined {
  const guidance = effectiveGuidance(scale);
  if (guidance === undefined) return undefined;
  requireArgument(Number.isFinite(guidance), "guidance", `expected a finite number, received ${guidance}`);
  requireArgument(
    conditioned || (labels !== undefined && denoiser.nullClass !== undefined),
    "guidance",
    `the model "${denoiser.name}" has no null class, which classifier-free guidance needs`,
  );
  requireArgument(
    conditioned || labels!.some((label) => label !== denoiser.nullClass),
    "guidance",
    "expected labels: without a class guidance changes nothing, and takes twice the model rows",
  );
  return guidance;
}
