export type {
  CellRecord,
  CellResult,
  Column,
  FailedCell,
  JudgeDescription,
  MetricResult,
  ReferenceDescription,
} from "./cell.js";
export { compare } from "./compare.js";
export {
  type EvaluateOptions,
  type Evaluation,
  type EvaluationProgress,
  evaluate,
} from "./evaluate.js";
export type { Judge, Measured, Metric, Need, Resampling } from "./metric/metric.js";
export { evaluationMetrics, findMetric } from "./metric/table.js";
export { type Method, type Plan, planJsonSchema, planSchema } from "./plan.js";
export { columnName } from "./report/comparison.js";
export { csvReport, markdownReport, type WrittenReport, writeReport } from "./report/index.js";
export type { EvaluationModel } from "./subject.js";
export type { Factor, Trace, TraceStep } from "./trace.js";
