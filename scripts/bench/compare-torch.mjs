// What scripts/bench/compare-torch runs: see there.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { atLeast, atMost } from "../../dist/bench/goals.js";
import { median, spreadOf } from "../../dist/bench/spread.js";
import { printGoals } from "../../dist/cli/goals.js";
import { Evaluator, resolveRequest, runRequest, VectorPool } from "../../dist/engine/index.js";
import { edm, readNpy, writeNpy } from "../../dist/index.js";
import { normals, setThreads } from "../../dist/native/index.js";

const cases = [
  { solver: "dpm-solver++-2m", torch: "dpm-solver++-2m", bound: 4 },
  { solver: "dpm-solver++-2m", torch: "dpm-solver++-2m, by hand" },
  { solver: { name: "evodiff", variant: "released" }, torch: "evodiff", bound: 15 },
];
/** Runs until the step's JavaScript is compiled. */
const warming = 100;
/** Steps at each end of a run that are not counted. */
const margin = 4;

/**
 * @param shapes rows and shape of a sample
 * @param rounds runs of either side, taking turns
 */
export async function compareTorch({ python, shapes, steps, rounds, threads }) {
  const version = spawnSync(python, ["-c", "import torch, numpy; print(torch.__version__)"], {
    encoding: "utf8",
  });
  if (version.status !== 0)
    return { bench: "compare-torch", skipped: `no torch and numpy for ${python}`, goals: [] };
  const torch = startTorch(python);
  const folder = mkdtempSync(join(tmpdir(), "quench-torch-"));
  try {
    const rows = [];
    const noise = [];
    for (const shape of shapes) {
      const problem = await pose(shape, steps, folder);
      await torch({ folder });
      for (const count of threads) {
        setThreads(count);
        for (const each of cases) rows.push(await compareSteps(problem, each, count, rounds, torch, folder));
        noise.push(await compareNormals(shape, count, rounds, torch));
      }
    }
    return {
      bench: "compare-torch",
      torch: version.stdout.trim(),
      options: { shapes, steps, rounds, threads },
      rows,
      normals: noise,
      goals: [
        ...rows.map((row) =>
          atMost(`${nameOf(row)}: difference of the results, relative`, row.difference, 1e-4),
        ),
        ...rows
          .filter(({ bound }) => bound)
          .map((row) =>
            atLeast(`${nameOf(row)}: times faster than eager torch`, row.ratio.median, row.bound),
          ),
        ...noise.map((row) =>
          atLeast(
            `${row.shape.join("x")}, ${row.threads} ${row.threads === 1 ? "thread" : "threads"}: normals, times faster than torch.randn`,
            row.ratio.median,
            2,
          ),
        ),
      ],
    };
  } finally {
    await torch();
    rmSync(folder, { recursive: true });
  }
}

function nameOf({ torch, shape, threads }) {
  return `${torch}, ${shape.join("x")}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/** The tensors of one shape, for both sides: x_T, three noise predictions, and the levels of a grid. */
async function pose(shape, steps, folder) {
  const process = edm();
  const length = shape.reduce((a, b) => a * b, 1);
  const drawn = (stream) => {
    const values = new Float32Array(length);
    normals(values, BigUint64Array.of(8n), BigUint64Array.of(0n), stream);
    return values;
  };
  const [e0, e1, e2, x] = [0, 1, 2, 3].map(drawn);
  const noises = [e0, e1, e2];
  let calls = 0;
  let spent = 0;
  const denoiser = {
    name: "three answers",
    process,
    prediction: "epsilon",
    shape: shape.slice(1),
    dtype: "float32",
    batchInvariant: true,
    async evaluate({ output }) {
      const begun = performance.now();
      output.set(noises[calls++ % 3]);
      spent += performance.now() - begun;
    },
    async close() {},
  };
  const resolved = resolveRequest(denoiser, { steps, count: shape[0] });
  const start = x.map((value) => value * resolved.grid.levels[0].sigma);
  for (const [name, data] of Object.entries({ x: start, e0, e1, e2 }))
    await writeNpy(join(folder, `${name}.npy`), { data, shape });
  writeFileSync(join(folder, "levels.json"), JSON.stringify(resolved.grid.levels));
  const pool = new VectorPool();
  const evaluator = new Evaluator(denoiser, pool, { alone: true });
  /** Samples once: the milliseconds of each step without the model, and the result. */
  const run = async (solver) => {
    calls = 0;
    const times = [];
    let last;
    const onStep = () => {
      const now = performance.now() - spent;
      times.push(now - last);
      last = now;
    };
    const request = resolveRequest(denoiser, { solver, steps, count: shape[0], initial: start });
    spent = 0;
    last = performance.now();
    const { data } = await runRequest(evaluator, { ...request, solver: noticed(request.solver, onStep) });
    return { times, data };
  };
  return { shape, run };
}

/** The same solver, with a word after each step: an `onStep` of the request would also copy each prediction. */
function noticed(solver, onStep) {
  return {
    ...solver,
    async *sample(run, options) {
      for await (const step of solver.sample(run, options)) {
        onStep();
        yield step;
      }
    },
  };
}

async function compareSteps({ shape, run }, { solver, torch: name, bound }, threads, rounds, torch, folder) {
  const asked = { solver: name, threads };
  const { data } = await run(solver);
  await torch(asked);
  const theirs = (await readNpy(join(folder, `${name}.npy`))).data;
  const largest = data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const difference = data.reduce((max, value, i) => Math.max(max, Math.abs(value - theirs[i])), 0) / largest;
  for (let i = 0; i < warming; i++) await run(solver);
  const [quench, eager, ratio] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const ours = median((await run(solver)).times.slice(margin, -margin));
    const { seconds } = await torch(asked);
    const other = 1000 * median(seconds.slice(margin, -margin));
    quench.push(ours);
    eager.push(other);
    ratio.push(other / ours);
  }
  return {
    torch: name,
    shape,
    threads,
    ...(bound ? { bound } : {}),
    difference,
    quenchMilliseconds: spreadOf(quench),
    torchMilliseconds: spreadOf(eager),
    ratio: spreadOf(ratio),
  };
}

async function compareNormals(shape, threads, rounds, torch) {
  const length = shape.reduce((a, b) => a * b, 1);
  const values = new Float32Array(length);
  const seeds = BigUint64Array.from({ length: shape[0] }, (_, i) => BigInt(i));
  const [quench, eager, ratio] = [[], [], []];
  for (let round = -1; round < 3 * rounds; round++) {
    const begun = performance.now();
    normals(values, seeds, new BigUint64Array(shape[0]), round + 1);
    const ours = (1e6 * (performance.now() - begun)) / length;
    const { seconds } = await torch({ normals: length, threads });
    const other = (1e9 * seconds[0]) / length;
    if (round < 0) continue; // warms both
    quench.push(ours);
    eager.push(other);
    ratio.push(other / ours);
  }
  return {
    shape,
    threads,
    quenchNanoseconds: spreadOf(quench),
    torchNanoseconds: spreadOf(eager),
    ratio: spreadOf(ratio),
  };
}

/** Asks torch_steps.py one thing at a time; without a question, ends it. */
function startTorch(python) {
  const script = fileURLToPath(new URL("torch_steps.py", import.meta.url));
  // Idle OpenMP threads wait asleep: spinning, they would take a core from Quench's turn.
  const child = spawn(python, [script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_WAIT_POLICY: "passive" },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error("torch_steps.py ended");
    return JSON.parse(value);
  };
  const greeting = next();
  return async (asked) => {
    await greeting;
    if (!asked) {
      child.stdin.end();
      return undefined;
    }
    child.stdin.write(`${JSON.stringify(asked)}\n`);
    return next();
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      python: { type: "string", default: "/usr/bin/python3" },
      shapes: { type: "string", default: "16x3x64x64,64x4x64x64" },
      steps: { type: "string", default: "20" },
      rounds: { type: "string", default: "9" },
      threads: { type: "string", default: "1,2" },
      json: { type: "boolean" },
    },
  });
  const result = await compareTorch({
    python: values.python,
    shapes: values.shapes.split(",").map((shape) => shape.split("x").map(Number)),
    steps: Number(values.steps),
    rounds: Number(values.rounds),
    threads: values.threads.split(",").map(Number),
  });
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else if (result.skipped) console.log(`skipped: ${result.skipped}`);
  else {
    for (const row of result.rows)
      console.log(
        `${nameOf(row)}: ${row.quenchMilliseconds.median.toFixed(3)} ms against ${row.torchMilliseconds.median.toFixed(3)}, ${row.ratio.median.toFixed(1)} times (${row.ratio.low.toFixed(1)}-${row.ratio.high.toFixed(1)})`,
      );
    printGoals(process.stdout, result.goals);
  }
}
