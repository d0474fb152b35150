// The page with IIA's tables: node scripts/reproduce/iia.mjs --help. Their numbers are those of scripts/experiments/iia.
import { parseArgs } from "node:util";
import { writePage } from "./page.mjs";

const usage = `Writes docs/results.md, and takes no options: IIA's tables are put there from scripts/experiments/iia/results.
scripts/experiments/iia/all measures what is missing of those.`;

const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
if (values.help) process.stdout.write(`${usage}\n`);
else writePage();
