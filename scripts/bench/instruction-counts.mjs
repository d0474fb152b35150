// The stored instruction counts of scripts/bench/guard: knows, compare or --store, then a compiler, then where callgrind's
// tables are.
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("instruction-counts.json", import.meta.url);
const stored = JSON.parse(readFileSync(file, "utf8"));
const allowed = 1.05;

const [task, compiler, directory] = process.argv.slice(2);
if (task === "knows") {
  process.exitCode = stored[compiler] ? 0 : 1;
} else {
  const counted = { baseline: countsOf("baseline"), avx2: countsOf("avx2") };
  if (task === "--store") {
    stored[compiler] = counted;
    writeFileSync(file, `${JSON.stringify(stored, null, 2)}\n`);
  } else {
    process.exitCode = compare(counted, stored[compiler]) ? 0 : 1;
  }
}

/** Instructions of each hot path, the functions it calls included. */
function countsOf(set) {
  const counts = {};
  for (const line of readFileSync(`${directory}/${set}.txt`, "utf8").split("\n")) {
    const found = /^\s*([\d,]+)\s+.*:hot_(\w+)/.exec(line);
    if (found) counts[found[2]] = Number(found[1].replaceAll(",", ""));
  }
  return counts;
}

function compare(counted, wanted) {
  let good = true;
  for (const [set, paths] of Object.entries(wanted)) {
    for (const [path, before] of Object.entries(paths)) {
      const now = counted[set][path];
      const ratio = now / before;
      if (!(ratio <= allowed)) good = false;
      const verdict = ratio <= allowed ? "" : "  MORE THAN 5% ABOVE";
      console.log(
        `${set.padEnd(9)} ${path.padEnd(20)} ${now} instructions, ${ratio.toFixed(3)} of the stored${verdict}`,
      );
    }
  }
  if (!good)
    console.error(
      "hot paths run more instructions: mend them, or store the new counts by scripts/bench/guard --store",
    );
  return good;
}
