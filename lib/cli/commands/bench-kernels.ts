import { Command } from "commander";
import type { KernelsBench, WorkingSet } from "../../bench/kernels/kernels-bench.js";
import { type CommonOptions, type Context, type Output, printJson, printLine } from "../context.js";
import { printGoals } from "../goals.js";
import { listOption } from "../list-option.js";
import { names } from "../names.js";
import { integer, integers } from "../numbers.js";
import { table } from "../table.js";
import { unexpected } from "../unexpected.js";

interface KernelsOptions extends CommonOptions {
  readonly threads: readonly number[];
  readonly sizes?: readonly string[];
  readonly rounds: number;
}

/** `quench bench kernels`. */
export function benchKernelsCommand(context: Context): Command {
  return new Command("kernels")
    .description("The native kernels beside what memory allows, in one run, interleaved.")
    .addOption(listOption("--threads <list>", "threads of the kernels", integers(), "1,2"))
    .option("--sizes <list>", "L2, L3, DRAM, or bytes of a working set such as 300K or 8M", sizes)
    .option(
      "--rounds <n>",
      "rounds, of which the medians are reported; three times as many in the caches, fewer on gigabytes",
      integer(),
      9,
    )
    .action((options: KernelsOptions) => run(options, context));
}

function sizes(text: string): string[] {
  const sizes = names(text);
  const bad = sizes.find((name) => !/^(L2|L3|DRAM|[1-9]\d*[KM])$/.test(name));
  if (bad !== undefined) throw unexpected("L2, L3, DRAM, or bytes such as 300K or 8M", bad);
  return sizes;
}

async function run(
  { threads, sizes, rounds, json }: KernelsOptions,
  { stdout, stderr }: Context,
): Promise<void> {
  const { kernelsBench, workingSets } = await import("../../bench/kernels/kernels-bench.js");
  const known = workingSets();
  const chosen = sizes?.map((name): WorkingSet => {
    const [, digits, unit] = /^(\d+)([KM])$/.exec(name) ?? [];
    if (digits) return { name, bytes: Number(digits) * (unit === "K" ? 2 ** 10 : 2 ** 20) };
    return known.find((size) => size.name === name)!;
  });
  const onNote = (note: string) => printLine(stderr, note);
  const result = kernelsBench({ threads, sizes: chosen ?? known, rounds, onNote });
  if (json) printJson(stdout, result);
  else printBench(stdout, result);
}

function printBench(stdout: Output, { rows, normals, callMicroseconds, goals }: KernelsBench): void {
  const cells = rows.map((row) => [
    row.what,
    String(row.inputs),
    row.dtype,
    row.size,
    String(row.threads),
    row.gigabytesPerSecond.toFixed(1),
    row.nanosecondsPerElement.toFixed(3),
    row.limit ? `${(100 * row.limit.ratio).toFixed(0)}% of ${row.limit.loop}` : "",
  ]);
  const header = ["KERNEL OR LOOP", "INPUTS", "DTYPE", "SIZE", "THREADS", "GB/S", "NS/ELEMENT", "LIMIT"];
  for (const line of table(header, cells)) printLine(stdout, line);
  for (const [set, nanoseconds] of Object.entries(normals))
    printLine(stdout, `normals, ${set}: ${nanoseconds.toFixed(2)} ns each`);
  for (const [name, microseconds] of Object.entries(callMicroseconds))
    printLine(stdout, `a call of ${name}, 4 elements: ${microseconds.toFixed(2)} us`);
  printGoals(stdout, goals);
}
