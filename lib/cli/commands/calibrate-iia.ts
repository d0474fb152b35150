import { Command } from "commander";
import type { IiaOptions } from "../../calibrate/index.js";
import { defined } from "../../defined.js";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";
import { uninterrupted } from "../interrupt.js";
import { integer } from "../numbers.js";
import { addSolverOptions, type SolverOptions } from "../solver-options.js";

interface CalibrateIiaOptions extends CommonOptions, SolverOptions {
  readonly solver: string;
  readonly samples: number;
  readonly substeps?: number;
  readonly labels?: string;
  readonly seed: string;
  readonly batch: number;
  readonly out: string;
  readonly force?: true;
  readonly quiet?: true;
}

export function calibrateIiaCommand(context: Context): Command {
  const command = new Command("iia")
    .description("Find the coefficients that bring a solver's every step closest to a finer solution (IIA).")
    .argument("<model>", "a model's folder or ONNX file, a mixture's .json, or the name of a shipped mixture")
    .optionsGroup("What to calibrate:");
  return addSolverOptions(command)
    .option(
      "-l, --labels <list>",
      "classes, cycled over the samples, as in `quench sample` (default: no class)",
    )
    .optionsGroup("How to calibrate:")
    .option(
      "--samples <n>",
      "trajectories to calibrate on; as many fresh ones check the result",
      integer(),
      200,
    )
    .option("--substeps <n>", "sub-steps of the fine solution (default: 3, multi-step solvers 10)", integer())
    .option("--seed <n>", "seed of the noise", "4004")
    .option("--batch <n>", "most samples in one model call; changes memory, not noise", integer(), 64)
    .optionsGroup("What to write:")
    .option("-O, --out <file>", "the artifact", "iia.json")
    .option("-f, --force", "overwrite what exists")
    .option("-q, --quiet", "no progress bar and no summary")
    .addHelpText("after", examples)
    .action((model: string, options: CalibrateIiaOptions) => run(model, options, context));
}

const examples = `
Solvers: iia-ddim, iia-ddim-guided, iia-dpm-solver++-2m, biia-edm, iia-edm, iia-spndm and iia-ipndm, with or without
"iia-"; any other deterministic solver S becomes iia:S. A run that is stopped leaves .iia.json.checkpoint beside the
output; the same command goes on from there.

Examples:
  quench calibrate iia models/digits --solver iia-edm --steps 6 --grid edm --labels all
  quench sample models/digits --coefficients iia.json --labels all --count 64`;

async function run(path: string, options: CalibrateIiaOptions, context: Context): Promise<void> {
  const { stdout, stderr, signal } = context;
  const [
    { openModel },
    { calibrateIia, findIiaMember },
    { checkpointBeside, jsonFormat, openDestinationFile },
    { progressBar },
    { parseSeed },
    { parseLabels },
    { solverRequest },
  ] = await Promise.all([
    import("../../denoiser/open-model.js"),
    import("../../calibrate/index.js"),
    import("../destination.js"),
    import("../progress.js"),
    import("../ranges.js"),
    import("../labels.js"),
    import("../solver-request.js"),
  ]);
  const write = await openDestinationFile(options.out, options.force ?? false, jsonFormat);
  const seed = parseSeed(options.seed);
  const model = await openModel(path);
  try {
    const how = await solverRequest(options, model, (name) => findIiaMember(name).options.shape);
    const request: IiaOptions = {
      steps: 20,
      ...how,
      solver: how.solver ?? "dpm-solver++-2m",
      samples: options.samples,
      ...defined({ substeps: options.substeps }),
      ...(options.labels === undefined ? {} : { labels: parseLabels(options.labels, model) }),
      seed,
      batch: options.batch,
      checkpoint: checkpointBeside(options.out),
      save: (artifact) => uninterrupted(() => write(`${JSON.stringify(artifact)}\n`)),
      signal,
    };
    const total = 2 * Math.ceil(options.samples / options.batch) * request.steps;
    const bar = options.quiet
      ? undefined
      : await progressBar(stderr, `IIA of ${model.name}`, total, "batches");
    context.whenStopped = "what was saved is kept, and the same command continues";
    const artifact = await calibrateIia(model, {
      ...request,
      onProgress: (done) => bar?.update(done),
    }).finally(() => bar?.stop());
    if (options.json) printJson(stdout, { ...artifact, file: options.out });
    else if (!options.quiet) {
      const { summary } = await import("../iia-summary.js");
      for (const line of summary(artifact)) printLine(stdout, line);
      printLine(stdout, options.out);
    }
  } finally {
    await model.close();
  }
}
