import { Command, Option } from "commander";
import type { LasTuneOptions, LasTuneTrial } from "../../calibrate/index.js";
import type { Denoiser, Model } from "../../denoiser/index.js";
import { QuenchError, unknownName } from "../../errors.js";
import type { RiskArtifact } from "../../schedule/index.js";
import { sizeOf } from "../../shape.js";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";
import { uninterrupted } from "../interrupt.js";
import { integer, numberOr, numbers } from "../numbers.js";
import { table } from "../table.js";

interface TuneCommandOptions extends CommonOptions {
  readonly model?: string;
  readonly world?: string;
  readonly risk?: string;
  readonly features?: string;
  readonly steps: number;
  readonly solver: string;
  readonly axis: readonly (number | "inf")[];
  readonly smoothness: readonly number[];
  readonly exponent: readonly number[];
  readonly samples: number;
  readonly seed: string;
  readonly allowOtherModel?: true;
  readonly out?: string;
  readonly force?: true;
}

export function scheduleTuneCommand(context: Context): Command {
  const numbersOrInf = (text: string) => text.split(",").map(numberOr("inf"));
  return new Command("tune")
    .description("Try options of the las schedule on a small sample budget and record every trial.")
    .optionsGroup("What to tune for:")
    .option("--model <path>", "a model's folder; scored by Fréchet distance of its features")
    .addOption(
      new Option(
        "--world <name>",
        "a mixture with known truth; scored by negative mean log-likelihood",
      ).conflicts(["model", "features"]),
    )
    .option("--features <path>", "folder with features.json and its reference (default: the model's)")
    .option("--risk <file>", "risk curve (default: the model's risk.json; a world's is measured)")
    .option("--allow-other-model", "use a risk curve that was measured on another model")
    .requiredOption("-N, --steps <n>", "steps of the grid; required", integer())
    .option("-s, --solver <name>", "solver, see `quench solvers`", "dpm-solver++-2m")
    .optionsGroup("What to try:")
    .addOption(
      new Option("--axis <list>", "values of c")
        .argParser(numbersOrInf)
        .default([1, 10, 100, "inf"], "1,10,100,inf"),
    )
    .addOption(new Option("--smoothness <list>", "values of mu").argParser(numbers).default([0], "0"))
    .addOption(new Option("--exponent <list>", "values of p").argParser(numbers).default([2], "2"))
    .option("--samples <n>", "samples per trial", integer(), 500)
    .option("--seed <n>", "seed of the samples, the same for every trial", "0")
    .optionsGroup("What to write:")
    .option("-O, --out <file>", "the budget and every trial as JSON")
    .option("-f, --force", "overwrite what exists")
    .addHelpText("after", examples)
    .action((options: TuneCommandOptions) => run(options, context));
}

const examples = `
Examples:
  quench schedule tune --world circle8 --steps 7 --solver sde-dpm-solver++-2m --smoothness 0,0.01,0.1
  quench schedule tune --model models/digits --steps 10 --axis 1,10,inf --samples 500 --out tuned.json`;

/** What is drawn from and how draws are scored. */
interface Subject {
  readonly denoiser: Denoiser;
  readonly risk: RiskArtifact;
  readonly metric: string;
  readonly score: LasTuneOptions["score"];
  readonly labels?: readonly number[];
  close(): Promise<void>;
}

async function run(options: TuneCommandOptions, { stdout, stderr, signal }: Context): Promise<void> {
  const [{ tuneLas }, { parseSeed }, { jsonFormat, openDestinationFile }, { findSolver }] = await Promise.all(
    [
      import("../../calibrate/index.js"),
      import("../ranges.js"),
      import("../destination.js"),
      import("../../solver/index.js"),
    ],
  );
  findSolver(options.solver);
  const seed = parseSeed(options.seed);
  const write =
    options.out === undefined
      ? undefined
      : await openDestinationFile(options.out, options.force ?? false, jsonFormat);
  const subject =
    options.world === undefined
      ? await modelSubject(options)
      : await worldSubject(options.world, options.risk);
  try {
    const record = await tuneLas(subject.denoiser, subject.risk, {
      steps: options.steps,
      axes: options.axis,
      smoothnesses: options.smoothness,
      exponents: options.exponent,
      samples: options.samples,
      seed,
      request: { solver: options.solver },
      metric: subject.metric,
      score: subject.score,
      signal,
      ...(subject.labels ? { labels: subject.labels } : {}),
      onTrial: (trial) => {
        if (!options.json && stderr.isTTY) printLine(stderr, cells(trial).join("  "));
      },
    });
    await uninterrupted(async () => write?.(`${JSON.stringify(record, null, 2)}\n`));
    if (options.json) return printJson(stdout, record);
    const ranked = [...record.trials].sort((a, b) => (a.score ?? Infinity) - (b.score ?? Infinity));
    for (const line of table(
      ["AXIS", "SMOOTHNESS", "EXPONENT", record.metric.toUpperCase()],
      ranked.map(cells),
    ))
      printLine(stdout, line);
    const { trials, samples, evaluations } = record.budget;
    printLine(stdout, `${trials} trials of ${samples} samples, ${evaluations} model evaluations`);
  } finally {
    await subject.close();
  }
}

function cells({ axis, smoothness, exponent, score }: LasTuneTrial): string[] {
  return [String(axis), String(smoothness), String(exponent), score === null ? "-" : score.toFixed(4)];
}

/** Images a world's risk is measured on. */
const worldImages = 4096;

async function worldSubject(name: string, riskPath: string | undefined): Promise<Subject> {
  const [
    { gaussianMixture, logDensity, sampleMixture, worlds },
    { imagesInMemory, measureRisk },
    native,
    { vpLinear },
  ] = await Promise.all([
    import("../../denoiser/index.js"),
    import("../../calibrate/index.js"),
    import("../../native/index.js"),
    import("../../process/index.js"),
  ]);
  const world = worlds[name];
  if (!world) throw unknownName("world", name, Object.keys(worlds));
  const denoiser = gaussianMixture({ ...world, process: vpLinear() });
  let drawn = 0;
  const normals = (out: Float64Array) =>
    native.normals(out, BigUint64Array.of(0n), BigUint64Array.of(0n), 0, out.length * drawn++);
  const size = sizeOf(world.shape);
  const data = sampleMixture(world, worldImages, normals);
  const risk =
    riskPath === undefined
      ? await measureRisk(denoiser, imagesInMemory(data, size, `${worldImages} samples of ${name}`))
      : await (await import("../../calibrate/risk-file.js")).readRisk(riskPath);
  return {
    denoiser,
    risk,
    metric: "negative mean log-likelihood",
    score: (samples) => {
      const density = logDensity(world, samples);
      return -density.reduce((sum, value) => sum + value, 0) / density.length;
    },
    close: () => denoiser.close(),
  };
}

async function modelSubject(options: TuneCommandOptions): Promise<Subject> {
  if (options.model === undefined) {
    throw new QuenchError("INVALID_ARGUMENT", "expected a model or a world", { where: "--model" });
  }
  const [{ loadModel }, { requireSameModel }] = await Promise.all([
    import("../../denoiser/index.js"),
    import("../../denoiser/model-stamp.js"),
  ]);
  const model = await loadModel(options.model);
  try {
    const { riskFor } = await import("../risk-file.js");
    const risk = await riskFor(model, options.risk);
    if (!risk) {
      throw new QuenchError(
        "INVALID_ARGUMENT",
        "the model has no risk.json; quench calibrate risk measures one",
        { where: "--risk" },
      );
    }
    if (!options.allowOtherModel)
      requireSameModel(risk.model, model, "the risk curve was measured", "--risk");
    return { ...(await featureSubject(model, options.features ?? model.folder)), risk };
  } catch (error) {
    await model.close();
    throw error;
  }
}

/** A model that is judged by the Fréchet distance of its features. */
async function featureSubject(model: Model, features: string): Promise<Omit<Subject, "risk">> {
  const metrics = await import("../../metrics/index.js");
  const network = await metrics.openFeatures(features);
  const { reference } = network;
  if (!reference) {
    await network.close();
    throw new QuenchError("INVALID_ARGUMENT", "features.json names no reference statistics", {
      where: "--features",
    });
  }
  return {
    denoiser: model,
    metric: "Fréchet distance",
    ...(model.classes ? { labels: model.classes.map((_, label) => label) } : {}),
    score: async (samples) => {
      const accumulator = new metrics.StatisticsAccumulator(network.dimension);
      accumulator.add(await network.extract(samples));
      return metrics.frechetDistance(accumulator.statistics(), reference);
    },
    close: async () => {
      await network.close();
      await model.close();
    },
  };
}
