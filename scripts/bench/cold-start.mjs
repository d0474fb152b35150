// `quench sample` of 64 digits in 10 model calls, cold start, checks and PNG included, against a bare script that loads
// the model and runs it ten times (bare-model.mjs). The two take turns, so that other work on the machine hits both.
//
//   npm run build:all && node scripts/bench/cold-start.mjs [rounds]

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../../dist/bench/spread.js";

const rounds = Number(process.argv[2] ?? 7);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "quench-bench-"));
const bare = [here("bare-model.mjs")];
const quench = [
  here("../../dist/cli/main.js"),
  ...["sample", here("../../models/digits"), "--labels", "all", "--count", "64", "--steps", "10"],
  ...["--out", join(folder, "samples.png"), "--force", "--quiet"],
];

const times = { bare: [], quench: [] };
for (let round = -1; round < rounds; round++) {
  for (const [name, args] of Object.entries({ bare, quench })) {
    const begun = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args);
    if (status !== 0) throw new Error(String(stderr));
    if (round >= 0) times[name].push(performance.now() - begun); // the first round warms the disk's cache
  }
}
rmSync(folder, { recursive: true });
const [a, b] = [median(times.bare), median(times.quench)];
const ratio = median(times.quench.map((time, round) => time / times.bare[round]));
console.log(
  `bare script ${a.toFixed(0)} ms, quench sample ${b.toFixed(0)} ms (medians of ${rounds}); median ratio ${ratio.toFixed(2)}`,
);
