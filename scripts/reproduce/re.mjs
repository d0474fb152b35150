// The tables of RE: node scripts/reproduce/re.mjs --help. Results go to results/, and from there onto docs/results.md.
import { commandOptions, reproduceTables } from "./options.mjs";
import { writePage } from "./page.mjs";
import { tables } from "./papers/re.mjs";

await reproduceTables(tables, commandOptions());
writePage();
