// The tables of LAS: node scripts/reproduce/las.mjs --help. Results go to results/, and from there onto docs/results.md.
import { commandOptions, reproduceTables } from "./options.mjs";
import { writePage } from "./page.mjs";
import { tables } from "./papers/las.mjs";

await reproduceTables(tables, commandOptions());
writePage();
