// What all experiments share: how their results are kept, as results/NAME.json beside the script that runs.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const fileOf = (name) => new URL(`results/${name}.json`, pathToFileURL(process.argv[1]));

/** This command, for whoever wants to repeat it. */
export function commandLine(options = process.argv.slice(2)) {
  return ["node", relative(root, process.argv[1]), ...options].join(" ");
}

/** Saves what a command found, with the command and the month, whole or not at all. */
export function saveResults(name, content, options) {
  mkdirSync(new URL(".", fileOf(name)), { recursive: true });
  const command = commandLine(options);
  const date = new Date().toISOString().slice(0, 7);
  const unfinished = new URL(`${fileOf(name).href}.${process.pid}`);
  writeFileSync(unfinished, `${JSON.stringify({ command, date, ...content }, null, 1)}\n`);
  renameSync(unfinished, fileOf(name));
}

/** What was saved before, or undefined. */
export function savedResults(name) {
  return existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), "utf8")) : undefined;
}
