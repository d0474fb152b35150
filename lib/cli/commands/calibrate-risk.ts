import { Command, Option } from "commander";
import type { ImageSource } from "../../calibrate/index.js";
import { cycled } from "../../cycled.js";
import { defined } from "../../defined.js";
import type { OpenedModel } from "../../denoiser/open-model.js";
import { QuenchError } from "../../errors.js";
import { sizeOf } from "../../shape.js";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";
import { uninterrupted } from "../interrupt.js";
import { integer, number } from "../numbers.js";

interface CalibrateRiskOptions extends CommonOptions {
  readonly data?: string;
  readonly self?: number;
  readonly loss?: string;
  readonly labels?: string;
  readonly guidance?: number;
  readonly levels: number;
  readonly images?: number;
  readonly sigmaMin?: number;
  readonly sigmaMax?: number;
  readonly seed: string;
  readonly spectral?: true;
  readonly batch: number;
  readonly out: string;
  readonly force?: true;
  readonly quiet?: true;
}

export function calibrateRiskCommand(context: Context): Command {
  return new Command("risk")
    .description(
      "Measure a model's error at every noise level: what entropic and loss-adaptive schedules are made from.",
    )
    .argument("<model>", "a model's folder or ONNX file, a mixture's .json, or the name of a shipped mixture")
    .optionsGroup("What to measure on, one of:")
    .option("--data <path>", "clean images: .npy, .npz, or a folder of PNG files")
    .addOption(
      new Option("--self <n>", "n of the model's own samples by 64 Heun steps, where there are no data")
        .argParser(integer())
        .conflicts("data"),
    )
    .addOption(
      new Option(
        "--loss <file>",
        'a training loss per level instead, {"kind":"loss","weighting":"epsilon"|"x0"|"v"|"edm","sigma":[...],"loss":[...]}',
      ).conflicts([
        ...["data", "self", "labels", "guidance", "levels", "images", "sigmaMin", "sigmaMax", "seed"],
        ...["spectral", "batch"],
      ]),
    )
    .optionsGroup("How to measure:")
    .option(
      "--labels <list>",
      "classes of the images: a .npy file, or as in `quench sample`, cycled (default: those in the .npz, else none)",
    )
    .option("--guidance <scale>", "measure the prediction under classifier-free guidance", number)
    .option("--levels <n>", "noise levels", integer(), 128)
    .option("--images <n>", "images, from the first (default: 1024, or all there are)", integer())
    .option("--sigma-min <number>", "least scaled noise level (default: the model's)", number)
    .option("--sigma-max <number>", "largest scaled noise level (default: the model's)", number)
    .option("--seed <n>", "seed of the noise", "0")
    .option("--spectral", "measure every frequency too, for the spectral-entropic schedule")
    .option("--batch <n>", "most images in one model call; does not change the result", integer(), 64)
    .optionsGroup("What to write:")
    .option("-O, --out <file>", "the artifact", "risk.json")
    .option("-f, --force", "overwrite what exists")
    .option("-q, --quiet", "no progress bar and no summary")
    .addHelpText("after", examples)
    .action((model: string, options: CalibrateRiskOptions) => run(model, options, context));
}

const examples = `
A run that is stopped leaves .risk.json.checkpoint beside the output; the same command goes on from there.

Examples:
  quench calibrate risk models/digits --data models/digits/heldout.npy --labels models/digits/heldout-labels.npy --spectral
  quench calibrate risk my-model --self 256 --levels 64 --out my-model/risk.json`;

async function run(path: string, options: CalibrateRiskOptions, context: Context): Promise<void> {
  const { stdout, stderr, signal } = context;
  const [
    { openModel },
    { measureRisk },
    { checkpointBeside, jsonFormat, openDestinationFile },
    { progressBar },
    { parseSeed },
  ] = await Promise.all([
    import("../../denoiser/open-model.js"),
    import("../../calibrate/index.js"),
    import("../destination.js"),
    import("../progress.js"),
    import("../ranges.js"),
  ]);
  const write = await openDestinationFile(options.out, options.force ?? false, jsonFormat);
  const seed = parseSeed(options.seed);

  const begun = performance.now();
  const model = await openModel(path);
  let source: ImageSource | undefined;
  try {
    if (options.loss !== undefined) {
      const artifact = await imported(options.loss, model);
      await write(`${JSON.stringify(artifact)}\n`);
      return summary({ levels: artifact.sigma.length, images: 0 });
    }
    source = await sourceOf(options, model, seed);
    const images = options.images ?? Math.min(source.count, 1024);
    const total = images * options.levels;
    const bar = options.quiet
      ? undefined
      : await progressBar(stderr, `risk of ${model.name}`, total, "noisy images");
    context.whenStopped = "what was saved is kept, and the same command continues";
    const artifact = await measureRisk(model, source, {
      levels: options.levels,
      images,
      seed,
      batch: options.batch,
      checkpoint: checkpointBeside(options.out),
      save: (artifact) => uninterrupted(() => write(`${JSON.stringify(artifact)}\n`)),
      signal,
      ...defined({ sigmaMin: options.sigmaMin, sigmaMax: options.sigmaMax, guidance: options.guidance }),
      ...(options.spectral ? { spectral: true } : {}),
      onProgress: (done) => bar?.update(done),
    }).finally(() => bar?.stop());
    summary({ levels: artifact.sigma.length, images });
  } finally {
    await source?.close?.();
    await model.close();
  }

  function summary({ levels, images }: { levels: number; images: number }) {
    const seconds = (performance.now() - begun) / 1000;
    if (options.json) {
      printJson(stdout, {
        model: { name: model.name, sha256: model.hash },
        levels,
        images,
        seconds,
        file: options.out,
      });
    } else if (!options.quiet) {
      const measured =
        images > 0 ? `, ${images} images each, in ${seconds.toFixed(1)} s` : " from a loss curve";
      printLine(stdout, `risk of ${model.name} at ${levels} levels${measured}: ${options.out}`);
    }
  }
}

async function imported(path: string, model: OpenedModel) {
  const [{ readJson }, { lossCurveSchema, riskFromLoss }, { modelStamp }] = await Promise.all([
    import("../../io/index.js"),
    import("../../calibrate/index.js"),
    import("../../denoiser/model-stamp.js"),
  ]);
  const curve = await readJson(path, lossCurveSchema, { code: "INVALID_ARTIFACT" });
  const elements = sizeOf(model.shape);
  return riskFromLoss({ elements, model: modelStamp(model), ...curve });
}

async function sourceOf(
  options: CalibrateRiskOptions,
  model: OpenedModel,
  seed: bigint,
): Promise<ImageSource> {
  const { openImages, selfSource } = await import("../../calibrate/index.js");
  const labels = options.labels === undefined ? undefined : await classes(options.labels, model);
  if (options.self !== undefined) {
    return selfSource(model, {
      count: options.self,
      seed,
      ...defined({ labels, guidance: options.guidance }),
    });
  }
  if (options.data === undefined) {
    throw new QuenchError("INVALID_ARGUMENT", "expected images to measure on, or --self or --loss", {
      where: "--data",
    });
  }
  const source = await openImages(options.data, model);
  if (labels === undefined) return source;
  if (options.labels!.endsWith(".npy") && labels.length !== source.count) {
    await source.close?.();
    throw new QuenchError(
      "INVALID_ARGUMENT",
      `expected ${source.count} labels, one per image, received ${labels.length}`,
      { where: "--labels" },
    );
  }
  return {
    ...source,
    labels: Int32Array.from(cycled(labels, source.count)),
  };
}

async function classes(text: string, model: OpenedModel): Promise<readonly number[]> {
  if (!text.endsWith(".npy")) return (await import("../labels.js")).parseLabels(text, model);
  const [{ classLabels }, { readNpy }] = await Promise.all([
    import("../../calibrate/class-labels.js"),
    import("../../io/index.js"),
  ]);
  return [...classLabels((await readNpy(text)).data, text)];
}
