// What to use when: the leaders of every number of calls, and the command line's defaults that follow.
import { readFileSync } from "node:fs";
import { axisOf, savedChoices } from "../choice.mjs";
import { cellText, markdownTable } from "../markdown.mjs";
import { schedules, solverName, tables } from "../papers/choice.mjs";

const [table] = tables;
/** A grid by name; LAS with the c that the model's pilot found. */
function gridName({ method, grid }, results) {
  const axis = grid === "las" ? axisOf(results, method) : undefined;
  return `${schedules[grid]}${axis === undefined ? "" : ` (c = ${axis})`}`;
}

const pairName = (row, results) => `${solverName(row.method)}, ${gridName(row, results)}`;

/** For every number of calls the lowest Fréchet distance and what the paired bootstrap does not tell from it. */
export function leaders({ results, metrics }) {
  const rows = results.tables.choice?.blocks.flatMap((block) => block.rows) ?? [];
  return table.columns.flatMap((nfe, column) => {
    const measured = rows
      .map((row) => ({ ...row, cell: row.cells[column] }))
      .filter(({ cell }) => cell?.[metrics[0]])
      .sort((a, b) => a.cell[metrics[0]][0] - b.cell[metrics[0]][0]);
    if (measured.length === 0) return [];
    const [best, ...others] = measured;
    return [
      {
        nfe,
        best,
        alike: others.filter(({ cell }) => cell.best),
        worst: measured.at(-1),
        all: measured.length,
      },
    ];
  });
}

export function leaderTable(model) {
  const name = (row) => pairName(row, model.results);
  const rows = leaders(model).map(({ nfe, best, alike, all }) => [
    `${nfe}`,
    name(best),
    cellText({ ...best.cell, best: false }, model.metrics),
    alike.length === 0 ? "none" : alike.map(name).slice(0, 6).join("; ") + (alike.length > 6 ? "; …" : ""),
    `${alike.length + 1} of ${all}`,
  ]);
  return rows.length === 0
    ? ""
    : markdownTable(["Calls", "Best", "Value", "Not told from it", "Leaders"], rows);
}

const named = ([solver, schedule, axis]) =>
  `${solver}, ${schedule}${axis === undefined ? "" : ` (c = ${axis})`}`;

/** The models whose best pair is ahead of a choice beyond noise. */
function behindOn(models, steps, [solver, schedule], flag) {
  const column = table.columns.indexOf(steps);
  const behind = models.filter(({ results }) => {
    const rows = results.tables.choice?.blocks.flatMap((block) => block.rows) ?? [];
    const row = rows.find(
      ({ method, grid }) => solverName(method) === solver && schedules[grid] === schedule,
    );
    return row && row.cells[column][flag] !== true;
  });
  return behind.length === 0 ? "none" : behind.map(({ name }) => name).join(", ");
}

export function defaultsTable(models) {
  const rows = savedChoices().map(({ steps, uninformed, informed }) => [
    `${steps}`,
    named(uninformed),
    behindOn(models, steps, uninformed, "bestUninformed"),
    named(informed),
    behindOn(models, steps, informed, "best"),
  ]);
  const head = ["Steps", "Default", "Behind on", "Default where the model has a risk curve", "Behind on"];
  return markdownTable(head, rows);
}

const processes = {
  edm: "EDM",
  "vp-discrete": "VP-discrete",
  "vp-linear": "continuous VP",
  flow: "flow",
};

/** In words: the processes that the defaults were measured on, and those that they were not. */
export function processesInWords(models) {
  const typeOf = ({ name }) => {
    const path = new URL(`../../../models/${name}/model.json`, import.meta.url);
    return JSON.parse(readFileSync(path, "utf8")).process.type;
  };
  const measured = models.map((model) => ({ name: model.name, type: typeOf(model) }));
  const on = measured.map(({ name, type }) => `${name} (${processes[type]})`).join(" and ");
  const others = Object.entries(processes)
    .filter(([type]) => !measured.some((one) => one.type === type))
    .map(([, words]) => words)
    .join(" and ");
  return `They were measured on ${on}, one network each, and are taken for every process: none was measured on ${others} processes.`;
}

/** In words: the best pair at each number of calls, and from where on most pairs are alike. */
export function leadersInWords(model) {
  const found = leaders(model);
  if (found.length === 0) return "";
  const best = found.map(
    ({ nfe, best }) => `${nfe} ${solverName(best.method)} on ${gridName(best, model.results)}`,
  );
  const toldApart = found.findLastIndex(({ alike, all }) => 2 * (alike.length + 1) < all);
  const crowded = found[toldApart + 1];
  const tail = crowded
    ? `; from ${crowded.nfe} calls on half of all pairs or more cannot be told from the best`
    : "";
  return `**${model.name}**: lowest at ${best.join(", ")} calls${tail}.`;
}
