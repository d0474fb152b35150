import type { CellResult, Column, FailedCell } from "../cell.js";
import { compare } from "../compare.js";
import type { Evaluation } from "../evaluate.js";
import { findMetric } from "../metric/table.js";

/** A place of a table: a method at a column. */
export interface Place {
  readonly cell: CellResult;
  /** The best of its column, or one that cannot be told from it. */
  readonly standing: "best" | "tied" | "worse" | undefined;
}

export interface ComparisonRow {
  readonly method: string;
  /** One per column: a cell, a failure, or nothing where the method has no such column. */
  readonly places: readonly (Place | FailedCell | undefined)[];
}

/** One metric of all cells: rows are methods, columns step counts or model calls. */
export interface Comparison {
  readonly metric: string;
  readonly columns: readonly Column[];
  readonly rows: readonly ComparisonRow[];
}

/** Columns of an evaluation, by how they were asked for and their number. */
export function columnsOf({ cells, failed }: Evaluation): Column[] {
  const all = new Map([...cells, ...failed].map(({ column }) => [columnName(column), column]));
  return [...all.values()].sort((a, b) => a.by.localeCompare(b.by) || a.count - b.count);
}

export function columnName({ by, count }: Column): string {
  return by === "nfe" ? `NFE ${count}` : `${count} ${count === 1 ? "step" : "steps"}`;
}

/** Arranges a metric's values, and says which of a column cannot be told from its best. */
export function comparisonOf(evaluation: Evaluation, metric: string): Comparison {
  const columns = columnsOf(evaluation);
  const best = columns.map((column) => bestOf(evaluation, metric, column));
  const rows = evaluation.methods.map((method) => ({
    method,
    places: columns.map((column, c) => placeOf(evaluation, metric, method, column, best[c])),
  }));
  return { metric, columns, rows };
}

function inColumn<Cell extends { readonly column: Column }>(cells: readonly Cell[], column: Column): Cell[] {
  return cells.filter((cell) => columnName(cell.column) === columnName(column));
}

function bestOf({ cells }: Evaluation, metric: string, column: Column): CellResult | undefined {
  const sign = findMetric(metric).better === "lower" ? 1 : -1;
  const measured = inColumn(cells, column).filter(({ metrics }) => metrics[metric]);
  return measured.sort((a, b) => sign * (a.metrics[metric]!.value - b.metrics[metric]!.value))[0];
}

function placeOf(
  { cells, failed }: Evaluation,
  metric: string,
  method: string,
  column: Column,
  best: CellResult | undefined,
): Place | FailedCell | undefined {
  const cell = inColumn(cells, column).find((one) => one.method === method);
  if (!cell) return inColumn(failed, column).find((one) => one.method === method);
  if (!cell.metrics[metric] || !best) return { cell, standing: undefined };
  if (cell === best) return { cell, standing: "best" };
  return { cell, standing: compare(cell, best, metric).beyondNoise ? "worse" : "tied" };
}

/** Two methods of a column that two metrics rank differently, each beyond noise. */
export interface Disagreement {
  readonly column: Column;
  /** Better by the first metric. */
  readonly first: CellResult;
  /** Better by the second. */
  readonly second: CellResult;
}

export function disagreements(evaluation: Evaluation, metrics: readonly [string, string]): Disagreement[] {
  const better = (a: CellResult, b: CellResult, metric: string) => {
    const { value, beyondNoise } = compare(a, b, metric);
    return beyondNoise && value < 0 === (findMetric(metric).better === "lower");
  };
  return columnsOf(evaluation).flatMap((column) => {
    const cells = inColumn(evaluation.cells, column).filter((cell) =>
      metrics.every((metric) => cell.metrics[metric]),
    );
    return cells.flatMap((first) =>
      cells
        .filter((second) => better(first, second, metrics[0]) && better(second, first, metrics[1]))
        .map((second) => ({ column, first, second })),
    );
  });
}
