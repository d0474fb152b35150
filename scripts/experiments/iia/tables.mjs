// Puts the tables of results/*.json into docs/iia.md, each between its marks.
//
//   npm run build:lib && node scripts/experiments/iia/tables.mjs

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { withTables } from "../../markdown.mjs";
import { markdown } from "./common.mjs";
import { memberLabel, members } from "./members.mjs";

const page = new URL("../../../docs/iia.md", import.meta.url);
writeFileSync(page, withTables(readFileSync(page, "utf8"), section));

function read(name) {
  const file = new URL(`results/${name}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function section(name) {
  if (name === "frechet") return distancesTogether();
  if (!name.startsWith("frechet ")) return described(name);
  const [, set, guidance] = name.split(" ");
  return ["digits", "garments"]
    .map((model) => described(`frechet-${model}-${set}-guidance-${guidance}`))
    .join("\n\n");
}

/** What a command saved: how it was made, and its tables. */
function described(name) {
  const found = read(name);
  if (!found) return `${name} is not measured yet.`;
  const { command, date, tables } = found;
  const parts = tables
    .filter(({ rows }) => rows.length > 0)
    .map((table) => [...(table.title ? [`**${table.title}**`, ""] : []), markdown(table)].join("\n"));
  return `\`${command}\`, ${date}, 2 cores, Zen 5 class, no GPU.\n\n${parts.join("\n\n")}`;
}

/** One table of the distances of bases and members on digits at equal NFE, conditional and guided. */
function distancesTogether() {
  const kinds = [
    { title: "conditional", found: read("frechet-digits-members-guidance-1") },
    { title: "guidance 2", found: read("frechet-digits-members-guidance-2") },
  ];
  if (kinds.some(({ found }) => !found)) return "Not measured yet.";
  const columns = kinds.flatMap((kind) => {
    const nfes = [...new Set(kind.found.results.map(({ nfe }) => nfe))].sort((a, b) => a - b);
    return nfes.map((nfe) => ({ ...kind, nfe }));
  });
  const line = (label, base, member) => [
    label,
    ...columns.map(({ found, nfe }) => {
      const isOf = (one) => one.nfe === nfe && one.base === base && one.member === member;
      const cell = found.results.find(isOf);
      return cell ? marked(cell) : "–";
    }),
  ];
  const rows = [...new Set(members.map(({ base }) => base))].flatMap((base) => [
    line(base, base, undefined),
    ...members
      .filter((one) => one.base === base)
      .map((one) => line(memberLabel(one), base, memberLabel(one))),
  ]);
  const header = ["", ...columns.map(({ title, nfe }) => `${title}, ${nfe}`)];
  const settings = kinds.map(
    ({ title, found: { settings } }) =>
      `${title}: ${settings.draws} draws, calibrated on ${settings.samples}`,
  );
  return `From the commands below; ${settings.join("; ")}.\n\n${markdown({ header, rows })}`;
}

function marked({ base, value, against }) {
  const text = value.toFixed(2);
  const gap = against?.[base];
  if (!gap || (gap.low <= 0 && gap.high >= 0)) return text;
  return gap.high < 0 ? `**${text}**` : `${text} ▲`;
}
