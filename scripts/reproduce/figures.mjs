// Draws docs/images/results-MODEL.svg: Fréchet distance against model calls, a panel per schedule, with 95 % intervals.
//
//   npm run build:lib && npm run docs
import { writeFileSync } from "node:fs";
import { colours } from "../../dist/plot/index.js";
import { panelPlot } from "../panels.mjs";
import { solverName, solverRequests, tables } from "./papers/choice.mjs";
import { measuredModels } from "./saved.mjs";

const [table] = tables;
const palette = [colours.at(-1), ...colours];
const ofSolvers = Object.fromEntries(Object.values(solverRequests).map(({ name }, i) => [name, palette[i]]));

/** One point a cell. */
function points({ results }) {
  return (results.tables[table.id]?.blocks ?? []).flatMap(({ title, rows }) =>
    rows.flatMap(({ method, cells }) =>
      cells.flatMap((cell, i) => {
        if (!cell?.fd) return [];
        const [value, low, high] = cell.fd;
        return [{ panel: title, line: solverName(method), nfe: table.columns[i], value, low, high }];
      }),
    ),
  );
}

for (const model of measuredModels()) {
  const values = points(model);
  if (values.length === 0) continue;
  const svg = await panelPlot({
    title: `${model.name}: Fréchet distance to held-out images`,
    values,
    panels: table.blocks.map(({ title }) => title),
    colours: ofSolvers,
    calls: table.columns,
    bounds: [Math.min(...values.map((v) => v.low)), Math.max(...values.map((v) => v.high))],
    interval: "whiskers",
    height: 190,
  });
  writeFileSync(new URL(`../../docs/images/results-${model.name}.svg`, import.meta.url), svg);
}
