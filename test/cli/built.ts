import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The compiled command line, for tests that need a process of its own. */
export const main = join(root, "dist/cli/main.js");

/** Compiles the library where something in lib/ is newer. */
export function buildLibrary(): void {
  const newest = readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(root, "lib", name)).mtimeMs)
    .reduce((a, b) => Math.max(a, b));
  const built = statSync(main, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built >= newest) return;
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root });
  expect(status, String(stdout)).toBe(0);
}
