import { fileURLToPath } from "node:url";
import { Command } from "commander";
import type { EngineBench, SweepRow } from "../../bench/engine/engine-bench.js";
import { type CommonOptions, type Context, type Output, printJson, printLine } from "../context.js";
import { printGoals } from "../goals.js";
import { listOption } from "../list-option.js";
import { integer, integers, number } from "../numbers.js";
import { table } from "../table.js";

interface EngineOptions extends CommonOptions {
  readonly model: string;
  readonly requests: number;
  readonly rounds: number;
  readonly maxBatch: number;
  readonly sessions: number;
  readonly threads?: number;
  readonly saturation: number;
  readonly sweep?: true;
  readonly maxBatches: readonly number[];
}

/** `quench bench engine`. */
export function benchEngineCommand(context: Context): Command {
  return new Command("engine")
    .description("Many mixed requests: one after another, through the engine, and the ideal of full batches.")
    .option("--model <path>", "model", fileURLToPath(new URL("../../../models/digits", import.meta.url)))
    .option("--requests <n>", "requests of 1-8 samples, 5-25 steps, five solvers", integer(), 200)
    .option("--rounds <n>", "rounds, of which the one with the median ratio is reported", integer(), 3)
    .option("--max-batch <n>", "most rows in one model call", integer(), 32)
    .option("--sessions <n>", "workers of the spawned engine", integer(), 1)
    .option(
      "--threads <n>",
      "threads inside a model call (default: the processors, shared by the sessions)",
      integer(),
    )
    .option("--saturation <part>", "arrival rate, as a part of what the engine manages", number, 0.9)
    .option(
      "--sweep",
      "instead: throughput for every --max-batches, with 1 thread, with one per processor, with as many sessions",
    )
    .addOption(listOption("--max-batches <list>", "for --sweep", integers(), "4,8,16,32,64"))
    .action((options: EngineOptions) => run(options, context));
}

async function run(options: EngineOptions, { stdout, stderr }: Context): Promise<void> {
  const { json, debug: _, sweep, maxBatches, ...bench } = options;
  const { engineBench, engineSweep } = await import("../../bench/engine/engine-bench.js");
  const onNote = (note: string) => printLine(stderr, note);
  if (sweep) {
    const rows = await engineSweep(bench.model, bench.requests, maxBatches, onNote);
    if (json) printJson(stdout, { bench: "engine-sweep", requests: bench.requests, rows, goals: [] });
    else printSweep(stdout, rows);
    return;
  }
  const result = await engineBench({ ...bench, onNote });
  if (json) printJson(stdout, result);
  else printBench(stdout, result);
}

function printBench(stdout: Output, { atOnce, poisson, eventLoopDelay, goals }: EngineBench): void {
  const cell = (value: number | undefined, digits = 0) => (value === undefined ? "" : value.toFixed(digits));
  const rows = [
    ["at once: one after another", atOnce.sequential],
    ["at once: engine", atOnce.engine],
    ["at once: ideal", atOnce.ideal],
    ["Poisson: one after another", poisson.sequential],
    ["Poisson: spawned engine", poisson.engine],
  ] as const;
  const cells = rows.map(([name, { samplesPerSecond, latency, batchFill }]) => [
    name,
    cell(samplesPerSecond, 2),
    cell(latency?.p50),
    cell(latency?.p95),
    cell(latency?.p99),
    cell(batchFill, 3),
  ]);
  const header = ["RUN", "SAMPLES/S", "P50 MS", "P95 MS", "P99 MS", "BATCH FILL"];
  for (const line of table(header, cells)) printLine(stdout, line);
  printLine(
    stdout,
    `event-loop delay p99 ${eventLoopDelay.p99.toFixed(2)} ms (engine idle: ${eventLoopDelay.idleP99.toFixed(2)} ms)`,
  );
  printGoals(stdout, goals);
}

function printSweep(stdout: Output, rows: readonly SweepRow[]): void {
  const cells = rows.map(({ sessions, threads, maxBatch, samplesPerSecond, latency, batchFill }) => [
    `${sessions} x ${threads}`,
    String(maxBatch),
    samplesPerSecond.toFixed(2),
    latency!.p50.toFixed(0),
    batchFill!.toFixed(3),
  ]);
  const header = ["SESSIONS x THREADS", "MAX BATCH", "SAMPLES/S", "P50 MS", "BATCH FILL"];
  for (const line of table(header, cells)) printLine(stdout, line);
}
