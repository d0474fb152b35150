import type { CellResult, FailedCell } from "../cell.js";
import type { Evaluation } from "../evaluate.js";

const columns = [
  "method",
  "asked_by",
  "asked",
  "steps",
  "nfe",
  "samples",
  "seeds",
  "metric",
  "value",
  "low",
  "high",
  "standard_error",
  "per_seed",
  "seconds",
  "model_seconds",
  "key",
  "error",
] as const;

type Line = Partial<Record<(typeof columns)[number], string | number>>;

/** A line for each metric of each cell, with what tells the cells apart; then one with its error for each failed cell. */
export function csvReport(evaluation: Evaluation): string {
  const { cells, failed, metrics } = evaluation;
  const lines = [
    ...cells.flatMap((cell) => metrics.flatMap((metric) => measuredLine(cell, metric))),
    ...failed.map((cell) => failedLine(cell, evaluation)),
  ];
  const rows = lines.map((line) => columns.map((column) => field(line[column] ?? "")).join(","));
  return [columns.join(","), ...rows, ""].join("\n");
}

/** None where the metric makes no sense for the cell. */
function measuredLine(cell: CellResult, metric: string): Line[] {
  const found = cell.metrics[metric];
  if (!found) return [];
  const { method, column, steps, nfe, samples, seeds, seconds, modelSeconds, key } = cell;
  const { value, low, high, standardError, perSeed } = found;
  return [
    {
      ...{ method, asked_by: column.by, asked: column.count, steps, nfe, samples, seeds: seeds.join(" ") },
      ...{ metric, value, low, high, standard_error: standardError, per_seed: perSeed.join(" ") },
      ...{ seconds: seconds.toFixed(3), model_seconds: modelSeconds.toFixed(3), key },
    },
  ];
}

function failedLine({ method, column, key, error }: FailedCell, { samples, seeds }: Evaluation): Line {
  return {
    ...{ method, asked_by: column.by, asked: column.count, samples, seeds: seeds.join(" "), key },
    error: `${error.code}: ${error.message}`,
  };
}

/** RFC 4180: quoted where it must be. */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
