import type { JsonRequest } from "../engine/index.js";
import type { ErrorCode } from "../errors.js";
import type { Replicates } from "../metrics/index.js";

/** How the samples of a cell are drawn, as the library takes it, without what says which samples. */
export type CellRequest = Pick<
  JsonRequest,
  "solver" | "grid" | "guidance" | "initialScale" | "thresholding" | "denoiseToZero" | "dtype" | "steps"
>;

/** One place of the cross product: what is to be done. */
export interface CellPlan {
  /** Hash of everything that decides the samples: equal cells of different plans have equal keys. */
  readonly key: string;
  readonly method: string;
  /** The step count or number of model calls that the plan asked for. */
  readonly column: Column;
  readonly request: CellRequest;
  readonly stochastic: boolean;
  /** Levels stepped through. */
  readonly levels: readonly { readonly t: number; readonly alpha: number; readonly sigma: number }[];
  /** Standard deviation of x_T. */
  readonly startScale: number;
  /** Model rows it will take per sample, as far as is known. */
  readonly rowsPerSample: number;
}

export interface Column {
  readonly by: "steps" | "nfe";
  readonly count: number;
}

/** A metric of a cell: the mean over its seeds, with the interval of the paired bootstrap. */
export interface MetricResult {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  readonly perSeed: readonly number[];
}

/** The trajectories that a cell's RMSE is measured to. */
export interface ReferenceDescription {
  readonly key: string;
  readonly solver: string;
  readonly steps: number;
  readonly nfe: number;
  /** Scaled noise levels that it starts from and ends at: the cell's own. */
  readonly from: number;
  readonly to: number;
}

/** What the samples were judged by, as hashes: cells judged otherwise are measured anew. */
export interface JudgeDescription {
  /** The feature network's file. */
  readonly network?: string;
  readonly dimension?: number;
  /** Its outputs and preprocessing, where they are not the usual ones. */
  readonly reading?: string | undefined;
  /** Reference statistics of its features. */
  readonly statistics?: string;
  /** Features of the real samples. */
  readonly real?: string;
  /** The distribution that samples were compared with, where it was given beside the model. */
  readonly truth?: string | undefined;
}

/** What is kept of a cell in its JSON file. */
export interface CellRecord {
  readonly format: "quench-cell";
  readonly version: 2;
  readonly key: string;
  readonly model: { readonly name: string; readonly hash: string };
  /** The request, with large artifacts named by their hash. */
  readonly settings: Record<string, unknown>;
  readonly samples: number;
  readonly seeds: readonly string[];
  readonly labels: readonly number[] | null;
  readonly steps: number;
  /** Model evaluations per sample, counted; the largest where samples differ. */
  readonly nfe: number;
  /** Scaled noise levels stepped through. */
  readonly sigmas: readonly number[];
  /** Time spent drawing, summed over whatever ran at once. */
  readonly seconds: number;
  /** The part of `seconds` that was inside model calls. */
  readonly modelSeconds: number;
  readonly stochastic: boolean;
  readonly judge: JudgeDescription;
  readonly reference: ReferenceDescription | null;
  readonly metrics: Readonly<Record<string, MetricResult>>;
}

/** A finished cell under its name in a plan. */
export interface CellResult extends CellRecord {
  readonly method: string;
  readonly column: Column;
  /** Taken from the folder instead of drawn anew. */
  readonly reused: boolean;
  /** Per metric, its value and what it becomes on every resample: what pairs cells of equal seeds. */
  readonly replicates: Readonly<Record<string, Replicates>>;
  /** The .npz file of per-sample numbers. */
  readonly arrays: string;
  /** The JSON file of the trace, where the plan asks for one. */
  readonly trace?: string;
}

/** A cell that could not be done. */
export interface FailedCell {
  readonly key: string;
  readonly method: string;
  readonly column: Column;
  readonly error: { readonly code: ErrorCode | "INTERNAL"; readonly message: string };
}
