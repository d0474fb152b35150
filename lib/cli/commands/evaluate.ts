import { Command } from "commander";
import { defined } from "../../defined.js";
import { QuenchError, requireArgument } from "../../errors.js";
import type { Plan } from "../../evaluate/index.js";
import type { CommonOptions, Context } from "../context.js";
import { printJson, printLine } from "../context.js";
import { names } from "../names.js";
import { integer, integers, number } from "../numbers.js";

interface EvaluateOptions extends CommonOptions {
  readonly plan?: string;
  readonly solvers?: readonly string[];
  readonly schedules?: readonly string[];
  readonly presets?: readonly string[];
  readonly steps?: readonly number[];
  readonly nfe?: readonly number[];
  readonly samples?: number;
  readonly seeds?: string;
  readonly labels?: string;
  readonly guidance?: number;
  readonly metrics?: readonly string[];
  readonly features?: string;
  readonly real?: string;
  readonly replicates?: number;
  readonly trace?: number | true;
  readonly workers?: number;
  readonly out: string;
  readonly quiet?: true;
}

export function evaluateCommand(context: Context): Command {
  return new Command("evaluate")
    .description(
      "Measure what solvers and schedules give at so many steps or model calls, from the same noises.",
    )
    .argument("<model>", "a model's folder or ONNX file, a mixture's .json, or the name of a shipped mixture")
    .optionsGroup("What to run:")
    .option(
      "--plan <file>",
      "JSON plan of methods, steps and metrics; options beside it take its members' place",
    )
    .option("--solvers <list>", "solvers, crossed with the schedules", names)
    .option("--schedules <list>", "schedules (default: log-snr)", names)
    .option("--presets <files>", "presets of `quench tune`, as one more method", names)
    .option("--steps <list>", "solver steps, e.g. 5,10,20", integers())
    .option("--nfe <list>", "model calls instead: each method takes the steps they allow", integers())
    .option("-n, --samples <n>", "samples per seed (default: 500)", integer())
    .option("--seeds <list>", "seeds of the noises, e.g. 0,1 or 0-4 (default: 0)")
    .option("-l, --labels <list>", 'classes, cycled over the samples: "all" (default), 0-4, "none"')
    .option("-g, --guidance <scale>", "classifier-free guidance scale of every method", number)
    .optionsGroup("What to measure:")
    .option("--metrics <list>", "metrics (default: all that model and features allow)", names)
    .option("--features <folder>", "folder of features.json (default: the model's own)")
    .option("--real <path>", "real samples for kid, precision, recall (default: the model's heldout.npy)")
    .option("--replicates <n>", "resamples of the paired bootstrap (default: 200)", integer())
    .option("--trace [n]", "trace n trajectories of every cell step by step (64)", integer())
    .optionsGroup("Options:")
    .option(
      "--workers <n>",
      "threads that draw, each with a session of its own (default: one per processor, 2 to 8)",
      integer(0),
    )
    .requiredOption(
      "-O, --out <folder>",
      "where finished cells and reports go; the same folder continues; required",
    )
    .option("-q, --quiet", "no progress bar and no tables")
    .addHelpText("after", examples)
    .action((model: string, options: EvaluateOptions) => run(model, options, context));
}

const examples = `
Examples:
  quench evaluate models/digits --solvers ddim,dpm-solver++-2m,evodiff --nfe 5,10,20 --samples 500 --out digits-cells
  quench evaluate models/digits --solvers unipc --schedules log-snr,edm --steps 8 --seeds 0-2 --metrics fd,rmse --out o
  quench evaluate circle8 --solvers ddim,unipc --nfe 5,10 --samples 2000 --out mixture-cells
  quench evaluate models/digits --plan plan.json --out digits-cells --json`;

async function run(model: string, options: EvaluateOptions, context: Context): Promise<void> {
  const { stdout, stderr, signal } = context;
  const { requireFolderName } = await import("../destination.js");
  requireFolderName(options.out);
  const [{ evaluate, markdownReport, writeReport }, { uninterrupted }, { evaluationBar }] = await Promise.all(
    [import("../../evaluate/index.js"), import("../interrupt.js"), import("../evaluation-progress.js")],
  );
  const plan = await planOf(options);
  context.whenStopped = "finished cells are kept, and the same command continues";
  const bar = options.quiet ? undefined : await evaluationBar(stderr);
  const evaluation = await evaluate(model, {
    ...plan,
    out: options.out,
    ...defined({ workers: options.workers }),
    signal,
    ...(bar ? { onProgress: bar.update } : {}),
  }).finally(() => bar?.stop());
  const { files, left } = await uninterrupted(() => writeReport(evaluation, options.out));
  if (options.json) {
    const cells = evaluation.cells.map(({ replicates: _replicates, ...cell }) => cell);
    printJson(stdout, { ...evaluation, cells, files, left });
  } else if (!options.quiet) {
    printLine(stdout, markdownReport(evaluation));
    printLine(stdout, `${files.length} files in ${options.out}: ${files.join(", ")}`);
  }
  for (const name of left) printLine(stderr, `quench: not drawn: ${name}`);
  for (const { method, column, error } of evaluation.failed)
    printLine(stderr, `quench: ${error.code}: ${method}, ${column.by} ${column.count}: ${error.message}`);
  if (evaluation.failed.length > 0) context.exitCode = 1;
}

/** The plan of a file, or of the options; options beside a file take its members' place. */
async function planOf(options: EvaluateOptions): Promise<Plan> {
  const { planSchema } = await import("../../evaluate/index.js");
  const { readJson } = await import("../../io/index.js");
  const { plan, solvers = [], schedules, presets, seeds, labels, ...rest } = options;
  const { steps, nfe, samples, guidance, metrics, features, real, replicates } = rest;
  const trace = rest.trace === true ? 64 : rest.trace;
  const given = { steps, nfe, samples, guidance, metrics, features, real, replicates, trace };
  const beside = defined(given);
  const { parseRanges } = await import("../ranges.js");
  const draws = {
    ...(seeds === undefined ? {} : { seeds: parseRanges(seeds, "--seeds", 2n ** 64n) }),
    ...(labels === undefined ? {} : { labels: await labelsOf(labels) }),
  };
  const tuned = presets ? [{ name: "tuned", presets }] : [];
  if (plan !== undefined) {
    if (solvers.length > 0 || schedules)
      throw new QuenchError("INVALID_ARGUMENT", "the plan names the methods", { where: "--solvers" });
    const read = await readJson(plan, planSchema);
    if (steps || nfe) for (const key of ["steps", "nfe"] as const) delete read[key];
    return { ...read, ...beside, ...draws, methods: [...read.methods, ...tuned] } as Plan;
  }
  requireArgument(solvers.length > 0 || tuned.length > 0, "--solvers", "expected solvers, presets or a plan");
  const crossed = solvers.flatMap((solver) =>
    schedules
      ? schedules.map((grid) => ({
          name: schedules.length > 1 ? `${solver}, ${grid}` : solver,
          solver,
          grid,
        }))
      : [{ solver }],
  );
  return { methods: [...crossed, ...tuned], ...beside, ...draws } as Plan;
}

async function labelsOf(text: string): Promise<Plan["labels"]> {
  if (text === "all" || text === "none") return text;
  const { parseRanges } = await import("../ranges.js");
  return parseRanges(text, "--labels", 2n ** 31n).map(Number);
}
