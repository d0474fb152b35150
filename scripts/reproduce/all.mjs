// Every table of every paper, the most telling ones first: node scripts/reproduce/all.mjs --help
import { commandOptions, reproduceTables } from "./options.mjs";
import { writePage } from "./page.mjs";
import { tables as choice } from "./papers/choice.mjs";
import { tables as ets } from "./papers/ets.mjs";
import { tables as evodiff } from "./papers/evodiff.mjs";
import { tables as las } from "./papers/las.mjs";
import { tables as re } from "./papers/re.mjs";
import { writeSheet } from "./sheet.mjs";

const tables = new Map([...choice, ...ets, ...evodiff, ...las, ...re].map((table) => [table.id, table]));

/** Unguided headline tables, schedules, what to use when, then guided tables and the long ones of single steps. */
const order = [
  "evodiff-table-2-cifar",
  "evodiff-table-2-ffhq",
  "las-table-1",
  "choice",
  "re-table-3",
  "evodiff-table-4",
  "evodiff-table-2-imagenet",
  "re-proposition-3.4",
  "ets-limitations",
  "re-figure-2",
  "ets-table-4",
  "evodiff-table-3",
  "re-table-6",
  "re-table-5",
  "re-figure-4",
];
const chosen = new Set([...order, ...tables.keys()]);

await reproduceTables(
  [...chosen].map((id) => tables.get(id)),
  commandOptions(),
  (name, subject, settings) => (subject.shape ? writeSheet(name, subject, settings) : undefined),
);
writePage();
await import("./figures.mjs");
