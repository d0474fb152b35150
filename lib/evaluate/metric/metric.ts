import type { MixtureWorld } from "../../denoiser/index.js";
import type { FeatureNetwork, Replicates } from "../../metrics/index.js";
import type { Vector } from "../../native/index.js";

/** What is known of the samples of one seed. */
export interface Measured {
  readonly count: number;
  /** count × size, for mixtures. */
  readonly samples?: Vector;
  readonly size: number;
  /** count × dimension. */
  readonly features?: Vector;
  /** count × classes, of the feature network's classifier. */
  readonly logits?: Vector;
  /** Classes asked for. */
  readonly labels?: readonly number[] | undefined;
  /** Root mean square error of each sample to the reference trajectory's end. */
  readonly errors?: Float64Array;
}

/** What samples are judged by. */
export interface Judge {
  readonly network: FeatureNetwork | undefined;
  /** Features of real samples: rows × the network's dimension. */
  readonly real: Vector | undefined;
  readonly truth: MixtureWorld | undefined;
  /** Hash of a truth that the model's own hash does not cover. */
  readonly truthHash?: string | undefined;
  /** Exact samples of the truth. */
  readonly exact: Vector | undefined;
}

export interface Resampling {
  readonly resamples: number;
  readonly seed: number;
  /** The class of each sample, where the plan says how many of each are drawn. */
  readonly strata?: readonly number[];
}

/** What a metric needs before it can be asked for. */
export type Need =
  | "reference statistics"
  | "real samples"
  | "logits"
  | "labels"
  | "truth"
  | "density"
  | "modes"
  | "bins"
  | "reference";

export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly better: "lower" | "higher";
  readonly needs: readonly Need[];
  /** Fewest samples per seed. */
  minimum(judge: Judge): number;
  measure(measured: Measured, judge: Judge, resampling: Resampling): Replicates | Promise<Replicates>;
}
