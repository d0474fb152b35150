// The options that every command here takes.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { lasAxes } from "./pilot.mjs";
import { reproduce } from "./run.mjs";
import { defaultSamples, modelNames, requireSame, samplesOf } from "./saved.mjs";
import { openSubject } from "./subjects.mjs";

const usage = `[--model digits|garments|mixture|FOLDER] [--samples ${defaultSamples}] [--replace] [--out FOLDER] [--workers 2] [--tables ID,ID] [--calls N,N]
  --model    may be given more than once; default: all three
  --samples  per cell; the mixture takes ${samplesOf("mixture", 1)} times as many
  --replace  drops what is saved of a model with other weights or another number of samples, which is refused without
  --tables   only these, and "sheet" for the picture of samples that all.mjs makes; default: all
  --calls    only these numbers of model calls; default: all of the tables. What was measured before is taken again
             with the same command and more of them
  --out      where finished cells are kept and taken again; default: build/reproduce`;

export function commandOptions() {
  const { values } = parseArgs({
    options: {
      model: { type: "string", multiple: true, default: modelNames },
      samples: { type: "string", default: String(defaultSamples) },
      replace: { type: "boolean", default: false },
      out: { type: "string", default: fileURLToPath(new URL("../../build/reproduce", import.meta.url)) },
      tables: { type: "string" },
      calls: { type: "string" },
      workers: { type: "string", default: "2" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(`node ${process.argv[1]} ${usage}\n`);
    process.exit(0);
  }
  return {
    models: values.model,
    samples: Number(values.samples),
    replace: values.replace,
    only: values.tables?.split(","),
    calls: values.calls?.split(",").map(Number),
    out: values.out,
    workers: Number(values.workers),
  };
}

/** Runs tables on every model asked for, and then what `afterwards` does with it. */
export async function reproduceTables(
  tables,
  { models, samples, replace, only, calls, out, workers },
  afterwards,
) {
  const chosen = tables.filter(({ id }) => only?.includes(id) ?? true);
  for (const name of models) {
    const folder = join(out, name);
    const settings = {
      samples: samplesOf(name, samples),
      replace,
      replicates: 100,
      workers,
      out: folder,
      calls,
    };
    requireSame(name, { samples: settings.samples }, { replace });
    const subject = await openSubject(name, folder);
    requireSame(name, { hash: subject.hash, samples: settings.samples }, { replace });
    const axis = await lasAxes(name, subject, settings);
    // Multi-step solvers without a pilot of their own take DPM-Solver++ 2M's.
    for (const method of ["re", "deis"]) axis[method] ??= axis["dpm++2m"];
    await reproduce(name, subject, chosen, { ...settings, axis });
    if (!only || only.includes("sheet")) await afterwards?.(name, subject, settings);
  }
}
