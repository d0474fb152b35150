import { Command } from "commander";
import type { StepBench } from "../../bench/step/step-bench.js";
import { type CommonOptions, type Context, type Output, printJson, printLine } from "../context.js";
import { printGoals } from "../goals.js";
import { listOption } from "../list-option.js";
import { names } from "../names.js";
import { integer } from "../numbers.js";
import { table } from "../table.js";
import { unexpected } from "../unexpected.js";

interface StepOptions extends CommonOptions {
  readonly solvers?: readonly string[];
  readonly shapes: readonly (readonly number[])[];
  readonly steps: number;
  readonly rounds: number;
  readonly threads: number;
}

/** `quench bench step`. */
export function benchStepCommand(context: Context): Command {
  return new Command("step")
    .description("Every solver's step without the model, beside what its bytes cost.")
    .option("--solvers <names>", "solvers, separated by commas (default: all)", names)
    .addOption(listOption("--shapes <list>", "rows x shape of a sample", shapes, "16x3x64x64,64x4x64x64"))
    .option("--steps <n>", "steps of a run; those at its ends are not counted", integer(), 20)
    .option("--rounds <n>", "runs of each solver", integer(), 15)
    .option("--threads <n>", "threads of the kernels", integer(), 1)
    .action((options: StepOptions) => run(options, context));
}

function shapes(text: string): number[][] {
  return text.split(",").map((shape) => {
    const lengths = shape.split("x").map(Number);
    if (lengths.length < 2 || !lengths.every((length) => Number.isInteger(length) && length > 0))
      throw unexpected("shapes such as 16x3x64x64", shape);
    return lengths;
  });
}

async function run({ json, debug: _, ...options }: StepOptions, { stdout, stderr }: Context): Promise<void> {
  const { stepBench } = await import("../../bench/step/step-bench.js");
  const result = await stepBench({ ...options, onNote: (note) => printLine(stderr, note) });
  if (json) printJson(stdout, result);
  else printBench(stdout, result);
}

function printBench(stdout: Output, { shapes, goals }: StepBench): void {
  const header = ["SOLVER", "NS/ELEMENT", "PASSES", "VECTORS", "OVER BYTES", "STEP US", "WITH ASKING US"];
  for (const { shape, rows } of shapes) {
    printLine(stdout, `${shape.join(" x ")}, float32`);
    const cells = rows.map((row) => [
      row.solver + (row.perSample ? " (per sample)" : ""),
      row.nanosecondsPerElement.toFixed(3),
      row.passes.toFixed(1),
      String(row.vectorsHeld),
      row.overBytes.median.toFixed(2),
      row.solverMicroseconds.median.toFixed(0),
      row.wholeMicroseconds.median.toFixed(0),
    ]);
    for (const line of table(header, cells)) printLine(stdout, line);
    printLine(stdout);
  }
  printGoals(stdout, goals);
}
