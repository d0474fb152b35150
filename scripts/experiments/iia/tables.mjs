// Puts the tables of results/*.json into docs/iia.md, each between its marks.
//
//   npm run build:lib && node scripts/experiments/iia/tables.mjs

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { withTables } from "../../markdown.mjs";
import { markdown } from "./common.mjs";
import { members } from "./members.mjs";

const page = new URL("../../../docs/iia.md", import.meta.url);
writeFileSync(page, withTables(readFileSync(page, "utf8"), section));

function read(name) {
  const file = new URL(`results/${name}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function section(name) {
  if (name === "frechet") return distancesTogether();
  const found = read(name);
  if (!found) return "Not measured yet.";
  const { command, date, tables } = found;
  const parts = tables
    .filter(({ rows }) => rows.length > 0)
    .map((table) => [...(table.title ? [`**${table.title}**`, ""] : []), markdown(table)].join("\n"));
  return `\`${command}\`, ${date}, 2 cores, Zen 5 class, no GPU.\n\n${parts.join("\n\n")}`;
}

/** One table of the distances of bases and members at equal NFE, conditional and guided. */
function distancesTogether() {
  const kinds = [
    { title: "conditional", found: read("frechet-guidance-1") },
    { title: "guidance 2", found: read("frechet-guidance-2") },
  ];
  if (kinds.some(({ found }) => !found)) return "Not measured yet.";
  const nfes = [...new Set(kinds.flatMap(({ found }) => found.results.map(({ nfe }) => nfe)))];
  nfes.sort((a, b) => a - b);
  const columns = kinds.flatMap((kind) => nfes.map((nfe) => ({ ...kind, nfe })));
  const line = (label, cell) => [
    label,
    ...columns.map(({ found, nfe }) => {
      const of = (wanted) => found.results.find((one) => one.nfe === nfe && wanted(one));
      return cell(of) ?? "–";
    }),
  ];
  const baseCell = (base) => (of) => of((one) => one.base === base)?.plain.toFixed(2);
  const memberCell = (solver) => (of) => {
    const one = of((each) => each.solver === solver);
    if (!one) return undefined;
    const value = one.iia.toFixed(2);
    if (!one.beyondNoise) return value;
    return one.iia < one.plain ? `**${value}**` : `${value} ▲`;
  };
  const rows = [...new Set(members.map(({ base }) => base))].flatMap((base) => [
    line(base, baseCell(base)),
    ...members.filter((one) => one.base === base).map(({ solver }) => line(solver, memberCell(solver))),
  ]);
  const header = ["", ...columns.map(({ title, nfe }) => `${title}, ${nfe}`)];
  const settings = kinds.map(
    ({ title, found: { settings } }) =>
      `${title}: ${settings.draws} draws, calibrated on ${settings.samples}`,
  );
  return `From the two commands below; ${settings.join("; ")}.\n\n${markdown({ header, rows })}`;
}
