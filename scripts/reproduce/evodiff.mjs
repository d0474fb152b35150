// The tables of EVODiff: node scripts/reproduce/evodiff.mjs --help. Results go to results/, and from there onto docs/results.md.
import { commandOptions, reproduceTables } from "./options.mjs";
import { writePage } from "./page.mjs";
import { tables } from "./papers/evodiff.mjs";

await reproduceTables(tables, commandOptions());
writePage();
