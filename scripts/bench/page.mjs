// Writes the tables of docs/performance.md from the benches' saved output.
//
//   npx quench bench kernels --json > scripts/bench/results/kernels.json
//   node scripts/bench/page.mjs            # --check: fails where the page is not what the results say
//
// scripts/bench/page/<bench>.mjs makes the tables of scripts/bench/results/<bench>.json: its default export maps that
// object to { name: Markdown }.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { withAllTables } from "../markdown.mjs";

const place = (path) => new URL(path, import.meta.url);
const page = place("../../docs/performance.md");
const before = readFileSync(page, "utf8");

let text = before;
for (const file of readdirSync(place("results/")).filter((name) => name.endsWith(".json"))) {
  const maker = place(`page/${file.replace(/json$/, "mjs")}`);
  if (!existsSync(maker)) continue;
  const { default: tables } = await import(maker);
  const result = JSON.parse(readFileSync(place(`results/${file}`), "utf8"));
  text = withAllTables(text, tables(result));
}

if (process.argv.includes("--check")) {
  if (text !== before) {
    console.error(
      "docs/performance.md is not what scripts/bench/results says: run node scripts/bench/page.mjs",
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(page, text);
}
