/**
 * What DPM-Solver-v3 knows of a model (its "empirical model statistics"): l, s and b of Eq. 5, 10 and 11, K + 1 nodes
 * by d elements each, node after node, noisy to clean. One sample has d elements.
 */
export interface ModelStatistics {
  /** Half-log-SNR of the nodes, increasing; by default uniform over the process's range, as the authors' files mean. */
  readonly lambda?: Float64Array;
  readonly l: Float64Array;
  readonly s: Float64Array;
  readonly b: Float64Array;
  readonly nodes: number;
}
