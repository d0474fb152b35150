// How many model calls, and how much time, a sample takes until the Fréchet distance is within 2 % of that of 100 calls:
// plain solvers, and what the papers put in their place. All draw from the same noises, so that two cells differ by what the
// methods do and by little else.
//
//   npm run build:all && node scripts/bench/nfe-to-quality.mjs [--model models/digits] [--samples 200] [--json]

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "../../dist/bench/spread.js";
import { calibrateIia, evaluate, loadModel, sample } from "../../dist/index.js";

const columns = [5, 6, 8, 10, 12, 15, 20, 30, 50];
/** Step counts that IIA is calibrated for. */
const calibrated = columns.filter((calls) => calls <= 12);
const tolerance = 1.02;

const plain = { name: "DPM-Solver++ 2M", solver: "dpm-solver++-2m", grid: "log-snr" };
const methods = [
  { name: "DDIM", solver: "ddim", grid: "log-snr" },
  plain,
  { name: "EVODiff", solver: "evodiff", grid: "log-snr" },
  // The axis that scripts/reproduce chose for this model and solver.
  { name: "DPM-Solver++ 2M on LAS", solver: "dpm-solver++-2m", grid: { schedule: "las", axis: 0.3 } },
];

/** @param calls numbers of calls to try; `whole` is what they are held against */
export async function nfeToQuality({ model: path, samples, calls = columns, whole = 100 }) {
  const out = mkdtempSync(join(tmpdir(), "quench-quality-"));
  const model = await loadModel(path);
  try {
    const run = (plan) => evaluate(path, { metrics: ["fd"], replicates: 20, samples, out, ...plan });
    const { cells } = await run({ methods, nfe: calls });
    const reference = (await run({ methods: [plain], nfe: [whole] })).cells[0];
    const iia = { name: "IIA, DPM-Solver++ 2M", rows: [] };
    for (const steps of calls.filter((count) => calibrated.includes(count))) {
      const artifact = await calibrateIia(model, {
        solver: "iia:dpm-solver++-2m",
        grid: "log-snr",
        steps,
        samples: 32,
        substeps: 8,
      });
      const solver = { ...artifact.solver, coefficients: artifact };
      const measured = await run({ methods: [{ name: iia.name, solver, grid: "log-snr" }], nfe: [steps] });
      iia.rows.push(...measured.cells.map((cell) => ({ cell, solver })));
    }
    const target = tolerance * reference.metrics.fd.value;
    const rows = [];
    for (const { name, solver, grid } of methods) {
      const mine = cells.filter((cell) => cell.method === name).map((cell) => ({ cell, solver }));
      rows.push(await judged(name, mine, grid, target, model));
    }
    rows.push(await judged(iia.name, iia.rows, "log-snr", target, model));
    return {
      bench: "nfe-to-quality",
      model: model.name,
      options: { samples, calls },
      reference: { method: plain.name, calls: whole, fd: reference.metrics.fd.value },
      rows,
      goals: [],
    };
  } finally {
    await model.close();
    rmSync(out, { recursive: true });
  }
}

/** The first number of calls that is good enough, and what a sample then takes in draws of 64. */
async function judged(method, rows, grid, target, model) {
  const curve = rows.map(({ cell }) => ({ calls: cell.nfe, fd: cell.metrics.fd.value }));
  const first = rows.find(({ cell }) => cell.metrics.fd.value <= target);
  if (!first) return { method, curve };
  const { nfe, steps } = first.cell;
  const labels = Array.from({ length: 64 }, (_, i) => i % model.classes.length);
  const times = [];
  for (let i = 0; i < 4; i++) {
    const { timings } = await sample(model, {
      solver: first.solver,
      steps,
      grid: gridFor(grid, first.cell),
      labels,
    });
    times.push(timings.total / 64);
  }
  return {
    method,
    curve,
    calls: nfe,
    fd: first.cell.metrics.fd.value,
    millisecondsPerSample: median(times.slice(1)),
  };
}

/** A schedule that was read from the model's risk curve, as the levels that the cell took. */
function gridFor(grid, { sigmas }) {
  return typeof grid === "string" ? grid : { sigma: sigmas };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      model: { type: "string", default: fileURLToPath(new URL("../../models/digits", import.meta.url)) },
      samples: { type: "string", default: "200" },
      json: { type: "boolean" },
    },
  });
  const result = await nfeToQuality({ model: values.model, samples: Number(values.samples) });
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else {
    console.log(`Fréchet distance with ${result.reference.calls} calls: ${result.reference.fd.toFixed(3)}`);
    for (const { method, calls, fd, millisecondsPerSample, curve } of result.rows)
      console.log(
        calls
          ? `${method}: ${calls} calls (${fd.toFixed(3)}), ${millisecondsPerSample.toFixed(2)} ms a sample`
          : `${method}: not with ${curve.at(-1)?.calls} calls (${curve.at(-1)?.fd.toFixed(3)})`,
      );
  }
}
