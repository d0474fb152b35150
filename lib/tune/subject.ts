import { cycled } from "../cycled.js";
import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import type { SampleRequest } from "../engine/index.js";
import type { FeatureNetwork, FeatureStatistics } from "../metrics/index.js";
import type { RiskArtifact } from "../schedule/index.js";

/** What samples are compared by, where a metric decides: a network and the statistics of real data. */
export type FeatureJudge = FeatureNetwork & { readonly reference: FeatureStatistics };

/** What is tuned, and for what: checked. */
export interface Subject {
  readonly denoiser: Denoiser;
  /** Most model calls per sample. */
  readonly nfe: number;
  /** undefined: the model as it is. */
  readonly guidance: number | undefined;
  /** Classes, cycled over the samples. */
  readonly labels: readonly number[] | undefined;
  readonly risk: RiskArtifact | undefined;
  readonly judge: FeatureJudge | undefined;
  /** Where errors are measured: between samples, or between their features. */
  readonly space: "data" | "features";
  readonly seed: bigint;
  /** Most samples drawn at once. */
  readonly batch: number;
  readonly signal: AbortSignal | undefined;
}

/** The classes of samples 0 … count − 1, where there are classes. */
export function classesOf({ labels }: Pick<Subject, "labels">, count: number): number[] | undefined {
  return labels && cycled(labels, count);
}

/** The part of a request that says what is drawn: samples [first, first + count) of a seed. */
export function drawn(
  { guidance, labels, signal }: Subject,
  seed: bigint,
  first: number,
  count: number,
): SampleRequest {
  return {
    seed,
    firstSample: first,
    count,
    ...(labels ? { labels: cycled(labels, count, first) } : {}),
    ...defined({ guidance, signal }),
  };
}
