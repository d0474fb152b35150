// What the tables of a paper need: cells under names, and from finished cells the table's numbers and verdicts.
import { gap, judge, rounded, threshold } from "./verdict.mjs";

/** A table's lines of the paper's figures: the first is every row's third entry, others stand in its last by `key`. */
const linesOf = ({ lines }) => [{ key: "paper", label: lines?.paper ?? "paper" }, ...(lines?.others ?? [])];

/** A row's lines of the paper's figures: {label, figures}. */
export const paperLines = (table, row) =>
  linesOf(table).flatMap(({ key, label }) => (row[key]?.length > 0 ? [{ label, figures: row[key] }] : []));

/** The rows of a block as objects. One without a method has the paper's figures only. */
export function rowsOf(block) {
  return block.rows.map(([label, method, paper = [], grid = block.grid, extra = {}]) => ({
    label,
    method,
    paper,
    grid: block.final ? `${grid}/${block.final}` : grid,
    gridName: grid,
    guidance: block.guidance ?? 1,
    ...extra,
  }));
}

export const cellName = ({ method, grid, guidance }) =>
  `${method} on ${grid}${guidance === 1 ? "" : `, guidance ${guidance}`}`;

/** Every cell that a table shows: {method, grid, guidance, nfe: [...]}, one per row, each method and grid once. */
export function cellsOf(table, { classes }) {
  const rows = table.blocks
    .flatMap(rowsOf)
    .filter(({ method, guidance }) => method && (classes || guidance === 1));
  const unique = new Map(rows.map((row) => [cellName(row), row]));
  return [...unique].map(([name, { method, grid, guidance }]) => ({
    name,
    method,
    grid,
    guidance,
    nfe: table.columns,
  }));
}

/**
 * @param cells finished cells by `${name} at ${calls}`
 * @param subject its first metric is what the tables show; both judge the claims
 */
export function fillTable(table, cells, { metrics, classes }) {
  const at = (row, nfe) => cells.get(`${cellName(row)} at ${nfe}`);
  const measured = (block) => rowsOf(block).filter(({ method }) => method);
  const everyRow = table.blocks.flatMap(measured);
  const blocks = table.blocks.map((block) => {
    const rows = measured(block);
    const rivals = table.oneContest ? everyRow : rows;
    const leadersOf = (all) =>
      table.columns.map((nfe) =>
        tied(
          all.map((row) => at(row, nfe)),
          metrics[0],
        ),
      );
    const best = leadersOf(rivals);
    const uninformed = leadersOf(rivals.filter(({ gridName }) => !table.informed?.has(gridName)));
    return {
      title: block.title,
      rows: rows.map((row) => ({
        label: row.label,
        method: row.method,
        grid: row.grid,
        cells: table.columns.map((nfe, column) =>
          shown(at(row, nfe), metrics, best[column], uninformed[column]),
        ),
      })),
      disagreements: disagreements(rows, table.columns, at, metrics),
    };
  });
  // Times are judged by a bench of their own: page/time.mjs.
  const judged = table.claims.filter(({ time }) => !time);
  const claims = judged.map((claim) => {
    const guided = (claim.block === undefined ? table.blocks[0] : table.blocks[claim.block])?.guidance;
    const untestable = claim.untestable ?? (!classes && guided ? "guidance needs classes" : undefined);
    const asked = untestable ? { untestable } : claim;
    const byMetric = metrics.map((metric) => [
      metric,
      judge(asked, finder(table, claim, at), table.columns, metric, paperShows(table, claim)),
    ]);
    return { text: claim.text, ...Object.fromEntries(byMetric) };
  });
  return { id: table.id, columns: table.columns, blocks, claims };
}

/** Pairs of rows that one metric puts in one order and the other in the other, both beyond noise (95 %). */
function disagreements(rows, columns, at, [first, second]) {
  const sign = (a, b, metric) => {
    const between = gap(a, b, metric);
    return between && Math.abs(between.value) > threshold(1) * between.standardError
      ? Math.sign(between.value)
      : 0;
  };
  return columns.flatMap((nfe) =>
    rows.flatMap((row, i) =>
      rows.slice(i + 1).flatMap((other) => {
        const [a, b] = [at(row, nfe), at(other, nfe)];
        if (!a || !b) return [];
        const product = sign(a, b, first) * sign(a, b, second);
        if (product === 0) return [];
        const lower = sign(a, b, first) < 0 ? [row, other] : [other, row];
        return [{ nfe, agree: product > 0, by: lower.map(({ label }) => label) }];
      }),
    ),
  );
}

/** Looks a row up in the claim's block, by its method's name or by that and the grid's. */
function rowFinder(table, { block }) {
  const blocks = block === undefined ? table.blocks : [table.blocks[block]];
  const rows = blocks.flatMap(rowsOf);
  return (name) => {
    const row = rows.find((one) => one.method === name || `${one.method} ${one.gridName}` === name);
    if (!row) throw new Error(`${table.id}: no row is named "${name}"`);
    return row;
  };
}

function finder(table, claim, at) {
  const rowOf = rowFinder(table, claim);
  return (name, nfe) => at(rowOf(name), nfe);
}

/**
 * Whether the paper's own figures show that one method is better than another at a number of calls: on every line that has
 * both of them. Where no line has figures of both, the text alone makes the claim, and all calls count.
 * @returns (mine, other, nfe) => boolean
 */
export function paperShows(table, claim) {
  const rowOf = rowFinder(table, claim);
  const lines = linesOf(table).filter(({ other }) => !other);
  return (mine, other, nfe) => {
    const column = table.columns.indexOf(nfe);
    const both = lines
      .map(({ key }) => [rowOf(mine)[key] ?? [], rowOf(other)[key] ?? []])
      .filter(([a, b]) => a.length > 0 && b.length > 0);
    const printed = both
      .map(([a, b]) => [a[column], b[column]])
      .filter((pair) => pair.every((figure) => typeof figure === "number"));
    return both.length === 0 || (printed.length > 0 && printed.every(([a, b]) => a < b));
  };
}

/** The lowest cell and those that the paired bootstrap does not tell from it (95 %). */
function tied(column, metric) {
  const measured = column.filter((cell) => cell?.replicates[metric]);
  if (measured.length === 0) return new Set();
  const value = (cell) => cell.replicates[metric].value;
  const best = measured.reduce((a, b) => (value(b) < value(a) ? b : a));
  const alike = measured.filter((cell) => {
    const { value: difference, standardError } = gap(cell, best, metric);
    return difference <= threshold(1) * standardError;
  });
  return new Set(alike);
}

function shown(cell, metrics, leaders, leadersUninformed) {
  if (!cell) return null;
  const values = metrics.flatMap((metric) => {
    const found = cell.metrics[metric];
    if (!found) return [];
    const { value, low, high } = found;
    return [[metric, [value, low, high].map(rounded)]];
  });
  return {
    nfe: cell.nfe,
    steps: cell.steps,
    ...Object.fromEntries(values),
    ...(leaders.has(cell) ? { best: true } : {}),
    ...(leadersUninformed.has(cell) ? { bestUninformed: true } : {}),
  };
}
