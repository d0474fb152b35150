import { aborted, throwIfAborted } from "../errors.js";
import { searchSchedule, searchScheduleNow } from "../native/index.js";
import { atScaledSigma, scaledSigma } from "../process/index.js";
import { type LasOptions, type LasSearch, lasSearch } from "./las-problem.js";
import type { RiskArtifact } from "./risk-artifact.js";
import { type CurveOptions, riskCurve } from "./risk-curve.js";
import type { Rule } from "./schedule.js";

/** A loss-adaptive schedule. */
export interface LasSchedule {
  /** N + 1 scaled noise levels, noisy to clean. */
  readonly sigma: readonly number[];
  /** J, LAS Eq. F.1. */
  readonly objective: number;
  readonly search: LasSearch["described"] & { readonly milliseconds: number };
}

/**
 * The grid with the least J = Σ R(γ_k)[u(γ_{k+1}) − u(γ_k)] + μ Σ |h_k − h_{k−1}|^p over N steps between the noisiest
 * and the cleanest candidate in a range (LAS Eq. F.1; ½ J less a constant bounds the KL divergence where u = γ, Eq.
 * 5.1).
 *
 * @param steps N, at most the number of candidates less 1
 * @throws QuenchError INVALID_ARGUMENT naming the option, before any search: also where it would take more than 1 GiB;
 * ABORTED
 */
export async function lossAdaptiveSchedule(
  artifact: RiskArtifact,
  steps: number,
  options: LasOptions &
    CurveOptions & {
      readonly sigmaMin?: number | undefined;
      readonly sigmaMax?: number | undefined;
      readonly signal?: AbortSignal;
    } = {},
): Promise<LasSchedule> {
  const { sigmaMin = 0, sigmaMax = Infinity, signal } = options;
  const search = lasSearch(riskCurve(artifact, options), steps, [sigmaMin, sigmaMax], options, "threaded");
  throwIfAborted(signal, "the schedule search");
  const begun = performance.now();
  const started = searchSchedule(search.algorithm, search.problem, search.beam);
  signal?.addEventListener("abort", started.cancel, { once: true });
  try {
    const path = await started.path;
    if (path.nodes.length === 0) throw aborted(signal, "the schedule search");
    return {
      sigma: Array.from(path.nodes, (node) => search.sigma[node]!),
      objective: path.objective,
      search: { ...search.described, milliseconds: performance.now() - begun },
    };
  } finally {
    signal?.removeEventListener("abort", started.cancel);
  }
}

/**
 * The same as a rule. The grid begins and ends at candidates, which are not the ends of the range unless they are
 * among the levels.
 */
export function lasRule(artifact: RiskArtifact, options: LasOptions & CurveOptions): Rule {
  const curve = riskCurve(artifact, options);
  return (process, from, to, intervals) => {
    const search = lasSearch(curve, intervals, [scaledSigma(to), scaledSigma(from)], options, "waiting");
    const { nodes } = searchScheduleNow(search.algorithm, search.problem, search.beam);
    return Array.from(nodes, (node) => atScaledSigma(process, search.sigma[node]!));
  };
}
