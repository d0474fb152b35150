import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { defined } from "../../defined.js";
import type { OpenedModel } from "../../denoiser/open-model.js";
import { QuenchError } from "../../errors.js";
import type { Preset } from "../../preset/index.js";
import type { Budget, FeatureJudge } from "../../tune/index.js";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";
import { uninterrupted } from "../interrupt.js";
import { names } from "../names.js";
import { integer, number } from "../numbers.js";
import type { Progress } from "../progress.js";
import { table } from "../table.js";
import { unexpected } from "../unexpected.js";

interface TuneOptions extends CommonOptions {
  readonly nfe: number;
  readonly guidance?: number;
  readonly labels?: string;
  readonly budget?: Budget;
  readonly risk?: string;
  readonly features?: string;
  readonly metric: boolean;
  readonly space: "data" | "features";
  readonly presets?: readonly string[];
  readonly seed: string;
  readonly batch: number;
  readonly out: string;
  readonly force?: true;
  readonly quiet?: true;
}

export function tuneCommand(context: Context): Command {
  return new Command("tune")
    .description(
      "Search for the solver, options and noise levels that draw a model's best samples in at most N calls.",
    )
    .argument("<model>", "a model's folder or ONNX file, a mixture's .json, or the name of a shipped mixture")
    .optionsGroup("What to tune for:")
    .requiredOption("--nfe <n>", "most model calls per sample; required", integer())
    .option("-g, --guidance <scale>", "classifier-free guidance scale (default: none)", number)
    .option("-l, --labels <list>", "classes, cycled over the samples, as in `quench sample` (default: all)")
    .optionsGroup("How to search:")
    .option(
      "--budget <n>",
      "model rows to spend, or with s or m seconds or minutes (default: 70000 + 8000 × NFE + 900 × NFE², with guidance twice that)",
      budget,
    )
    .option("--risk <file>", "risk curve for schedules that follow it (default: the model's risk.json)")
    .option("--features <path>", "feature network with reference statistics (default: the model's)")
    .option("--no-metric", "let the error decide among the last candidates, not the Fréchet distance")
    .addOption(
      new Option("--space <name>", "where errors are measured").choices(["data", "features"]).default("data"),
    )
    .option("--presets <files>", "presets found before for as many calls or fewer, which take part", names)
    .option("--seed <n>", "seed of the noise; draws with other seeds share none of it", "7007")
    .option("--batch <n>", "most samples in one model call, up to 64", integer(), 64)
    .optionsGroup("What to write:")
    .option("-O, --out <file>", "the preset", "preset.json")
    .option("-f, --force", "overwrite what exists")
    .option("-q, --quiet", "no progress bar and no summary")
    .addHelpText("after", examples)
    .action((model: string, options: TuneOptions) => run(model, options, context));
}

const examples = `
A search that is stopped leaves .preset.json.checkpoint beside the output; the same command goes on from there.

Examples:
  quench tune models/digits --nfe 6 --out six.json
  quench sample models/digits --preset six.json --labels all --count 64
  quench tune models/digits --nfe 8 --presets six.json --out eight.json
  quench tune models/digits --nfe 8 --guidance 1.5 --budget 3m`;

/** Rows, or seconds where a unit says so. */
function budget(text: string): Budget {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(s|m)?$/.exec(text) ?? [];
  const amount = Number(digits);
  if (!(amount > 0)) throw unexpected("rows, or a time such as 90s or 3m", text);
  if (unit) return { seconds: unit === "m" ? 60 * amount : amount };
  if (!Number.isInteger(amount)) throw unexpected("whole model rows", text);
  return { rows: amount };
}

async function run(path: string, options: TuneOptions, context: Context): Promise<void> {
  const { stdout, stderr, signal } = context;
  const [
    { openModel },
    { tunePreset },
    { checkpointBeside, jsonFormat, openDestinationFile },
    { progressBar },
    { parseSeed },
    { parseLabels },
    { riskFor },
    { readPreset },
  ] = await Promise.all([
    import("../../denoiser/open-model.js"),
    import("../../tune/index.js"),
    import("../destination.js"),
    import("../progress.js"),
    import("../ranges.js"),
    import("../labels.js"),
    import("../risk-file.js"),
    import("../../preset/preset-file.js"),
  ]);
  const write = await openDestinationFile(options.out, options.force ?? false, jsonFormat);
  const seed = parseSeed(options.seed);
  const model = await openModel(path);
  let judge: FeatureJudge | undefined;
  let bar: Promise<Progress | undefined> | undefined;
  try {
    const risk = await riskFor(model, options.risk);
    const presets = await Promise.all((options.presets ?? []).map(readPreset));
    judge = options.metric ? await judgeFor(model, options.features) : undefined;
    context.whenStopped = "what was saved is kept, and the same command continues";
    const preset = await tunePreset(model, {
      nfe: options.nfe,
      ...(options.labels === undefined ? {} : { labels: parseLabels(options.labels, model) }),
      ...defined({ guidance: options.guidance, budget: options.budget, risk, judge }),
      presets,
      space: options.space,
      seed,
      batch: options.batch,
      checkpoint: checkpointBeside(options.out),
      save: (preset) => uninterrupted(() => write(`${JSON.stringify(preset)}\n`)),
      signal,
      onProgress: ({ rows, budget }) => {
        if (options.quiet || budget === 0) return;
        bar ??= progressBar(stderr, `tuning ${model.name}`, budget, "model rows");
        void bar.then((shown) => shown?.update(rows));
      },
    });
    (await bar)?.stop();
    if (options.json) printJson(stdout, { ...preset, file: options.out });
    else if (!options.quiet) for (const line of [...summary(preset), options.out]) printLine(stdout, line);
  } finally {
    (await bar)?.stop();
    await judge?.close();
    await model.close();
  }
}

/** The network at a path, or else the model's own, if it has one with reference statistics. */
async function judgeFor(model: OpenedModel, path: string | undefined): Promise<FeatureJudge | undefined> {
  const own = model.folder !== undefined && existsSync(join(model.folder, "features.json")) && model.folder;
  const folder = path ?? own;
  if (!folder) return undefined;
  const { openFeatures } = await import("../../metrics/index.js");
  const network = await openFeatures(folder);
  const { reference } = network;
  if (reference) return { ...network, reference };
  await network.close();
  if (path === undefined) return undefined;
  throw new QuenchError("INVALID_ARGUMENT", "the features have no reference statistics", {
    where: "--features",
  });
}

/** The finalists, and what the search took. */
function summary({ nfe, tuning }: Preset): string[] {
  const { finalists, tried, metric, error, cost } = tuning!;
  const short = (value: number) => value.toPrecision(3);
  const range = ({ value, low, high }: { value: number; low: number; high: number }) =>
    `${short(value)} [${short(low)}, ${short(high)}]`;
  const rows = finalists.map(({ origin, nfe, error, metric, behind }) => [
    ...(metric ? [range(metric), behind ? range(behind) : ""] : []),
    range(error),
    String(nfe),
    origin,
  ]);
  const header = [...(metric ? ["FRÉCHET DISTANCE", "BEHIND"] : []), "RMSE", "NFE", "HOW"];
  return [
    ...table(header, rows),
    `best in ${nfe} calls of ${tried} candidates, by ${metric ? `${metric.samples} samples` : `their error on ${error.samples} samples`}; ` +
      `${cost.modelRows} model rows, ${cost.seconds.toFixed(0)} s`,
  ];
}
