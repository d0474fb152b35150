import { fileURLToPath } from "node:url";
import { Command } from "commander";
import type { SampleBench } from "../../bench/sample/sample-bench.js";
import type { SessionSweep } from "../../bench/sample/session-sweep.js";
import { type CommonOptions, type Context, type Output, printJson, printLine } from "../context.js";
import { printGoals } from "../goals.js";
import { listOption } from "../list-option.js";
import { names } from "../names.js";
import { integer, integers, number } from "../numbers.js";
import { table } from "../table.js";

interface SampleOptions extends CommonOptions {
  readonly models: readonly string[];
  readonly solvers: readonly string[];
  readonly batches: readonly number[];
  readonly steps: number;
  readonly budget: number;
  readonly threads?: number;
  readonly sweep?: true;
  readonly rounds: number;
}

const digits = fileURLToPath(new URL("../../../models/digits", import.meta.url));

/** `quench bench sample`. */
export function benchSampleCommand(context: Context): Command {
  return new Command("sample")
    .description("Draws end to end beside a bare loop of the same model calls in the same process.")
    .addOption(listOption("--models <paths>", "models, separated by commas", names, digits))
    .addOption(
      listOption("--solvers <names>", "solvers, separated by commas", names, "dpm-solver++-2m,evodiff"),
    )
    .addOption(listOption("--batches <list>", "samples in a draw", integers(), "1,8,64"))
    .option("--steps <n>", "steps of a draw", integer(), 20)
    .option("--budget <ms>", "time for the draws of each solver and batch", number, 6000)
    .option("--threads <n>", "threads inside a model call (default: as a loaded model has)", integer())
    .option("--sweep", "instead: model calls with every set of session options")
    .option("--rounds <n>", "for --sweep", integer(), 3)
    .action((options: SampleOptions) => run(options, context));
}

async function run(
  { json, debug: _, sweep, rounds, threads, ...options }: SampleOptions,
  { stdout, stderr }: Context,
): Promise<void> {
  const onNote = (note: string) => printLine(stderr, note);
  if (sweep) {
    const { sessionSweep } = await import("../../bench/sample/session-sweep.js");
    // As many calls as take about as long for every batch.
    const most = Math.max(...options.batches);
    const calls = Object.fromEntries(
      options.batches.map((batch) => [batch, Math.min(20, Math.ceil((3 * most) / batch))]),
    );
    const result = await sessionSweep(options.models[0]!, calls, rounds, onNote);
    if (json) printJson(stdout, result);
    else printSweep(stdout, result);
    return;
  }
  const { sampleBench } = await import("../../bench/sample/sample-bench.js");
  const session = threads === undefined ? {} : { intraOpNumThreads: threads };
  const result = await sampleBench({ ...options, session, onNote });
  if (json) printJson(stdout, result);
  else printBench(stdout, result);
}

function printBench(stdout: Output, { rows, goals }: SampleBench): void {
  const header = [
    "MODEL",
    "SOLVER",
    "BATCH",
    "MS",
    "MODEL MS",
    "SOLVER MS",
    "NOISE MS",
    "US BEFORE",
    "US BETWEEN",
    "US AFTER",
    "PNG MS",
    "OVER BARE",
    "FIRST",
  ];
  const cells = rows.map(({ model, solver, batch, draw, parts, around, write, overBare, firstOverBare }) => [
    model,
    solver,
    String(batch),
    draw.median.toFixed(1),
    parts.model.toFixed(1),
    parts.solver.toFixed(2),
    parts.noise.toFixed(2),
    around.before.toFixed(0),
    around.between.toFixed(0),
    around.after.toFixed(0),
    write.png.toFixed(1),
    overBare.median.toFixed(4),
    firstOverBare.median.toFixed(3),
  ]);
  for (const line of table(header, cells)) printLine(stdout, line);
  printGoals(stdout, goals);
}

function printSweep(stdout: Output, { rows }: SessionSweep): void {
  const batches = rows[0]!.calls.map(({ batch }) => batch);
  const header = ["SESSION", ...batches.map((batch) => `MS AT ${batch}`), "OVER DEFAULTS"];
  const cells = rows.map(({ session, calls, overDefaults }) => [
    JSON.stringify(session),
    ...calls.map(({ milliseconds }) => milliseconds.median.toFixed(2)),
    overDefaults.toFixed(3),
  ]);
  for (const line of table(header, cells)) printLine(stdout, line);
}
