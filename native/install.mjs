// The package's install script: nothing to do where a prebuild fits, else node-gyp builds the addon.

import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodedir } from "./nodedir.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

if (existsSync(join(root, "scripts/build/native"))) {
  // A clone: its developer builds by other means, and what is there may be newer than the sources' last build.
  console.log("quench: a clone is built by npm run build:native");
  process.exit();
}

const headers = join(tmpdir(), `quench-headers-${process.pid}`);
const from = process.env.npm_config_nodedir ?? nodedir(headers);
const env = from === undefined ? process.env : { ...process.env, npm_config_nodedir: from };
const { status } = spawnSync(
  process.execPath,
  [createRequire(import.meta.url).resolve("node-gyp-build/bin.js")],
  {
    cwd: root,
    env,
    stdio: "inherit",
  },
);
rmSync(headers, { recursive: true, force: true });
if (status !== 0) {
  console.error("quench: there is no prebuilt addon for this platform and building one failed.");
  console.error("quench: building takes python3, make and a C++20 compiler (g++ 11, clang 14 or later).");
}
process.exit(status ?? 1);
