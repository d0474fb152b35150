// The tables of ETS: node scripts/reproduce/ets.mjs --help. Results go to results/, and from there onto docs/results.md.
import { commandOptions, reproduceTables } from "./options.mjs";
import { writePage } from "./page.mjs";
import { tables } from "./papers/ets.mjs";

await reproduceTables(tables, commandOptions());
writePage();
