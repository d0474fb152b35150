// Where node-gyp finds headers (--nodedir) without downloading any: beside Node.js itself if they are installed there,
// else in a folder made of the npm package node-api-headers.

import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

// What Node's own common.gypi would say, as far as an addon by Node-API needs it.
const commonGypi = `{
  "target_defaults": {
    "default_configuration": "Release",
    "configurations": {
      "Release": { "cflags": ["-O3"] },
      "Debug": { "cflags": ["-g", "-O0"] }
    },
    "cflags": ["-fPIC", "-pthread"],
    "ldflags": ["-pthread"],
    "conditions": [
      ["OS=='mac'", { "xcode_settings": { "OTHER_LDFLAGS": ["-undefined dynamic_lookup"] } }]
    ]
  }
}
`;

/** The folder to give node-gyp; `place` is filled only if it is needed. undefined where node-gyp has to see to itself. */
export function nodedir(place) {
  const prefix = resolve(process.execPath, "../..");
  if (
    existsSync(join(prefix, "include/node/node_api.h")) &&
    existsSync(join(prefix, "include/node/common.gypi"))
  ) {
    return prefix;
  }
  // There a link library is needed besides, which only a download brings.
  if (process.platform === "win32") return undefined;
  const target = join(place, "include/node");
  mkdirSync(target, { recursive: true });
  cpSync(createRequire(import.meta.url)("node-api-headers").include_dir, target, { recursive: true });
  writeFileSync(join(target, "common.gypi"), commonGypi);
  return place;
}
