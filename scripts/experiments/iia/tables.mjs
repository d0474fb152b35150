// Puts the tables of results/*.json into docs/iia.md, each between its marks.
//
//   npm run build:lib && node scripts/experiments/iia/tables.mjs

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { markdown } from "./common.mjs";

const page = new URL("../../../docs/iia.md", import.meta.url);
const text = readFileSync(page, "utf8").replace(
  /<!-- table (\S+) -->[\s\S]*?<!-- end -->/g,
  (_, name) => `<!-- table ${name} -->\n${section(name)}\n<!-- end -->`,
);
writeFileSync(page, text);

function section(name) {
  const file = new URL(`results/${name}.json`, import.meta.url);
  if (!existsSync(file)) return "\nNot measured yet.\n";
  const { command, date, tables } = JSON.parse(readFileSync(file, "utf8"));
  const parts = tables
    .filter(({ rows }) => rows.length > 0)
    .map((table) => [...(table.title ? [`**${table.title}**`, ""] : []), ...markdown(table)].join("\n"));
  return `\n\`${command}\`, ${date}, 2 cores, Zen 5 class, no GPU.\n\n${parts.join("\n\n")}\n`;
}
