import { Command } from "commander";
import { type Context, printJson, printLine } from "../context.js";
import { uninterrupted } from "../interrupt.js";
import { addSampleOptions, type SampleOptions } from "../sample-options.js";

export function sampleCommand(context: Context): Command {
  const command = new Command("sample")
    .description("Draw samples from a model and write them as pictures or arrays.")
    .argument(
      "<model>",
      "a model's folder or ONNX file, a mixture's .json, or the name of a shipped mixture",
    );
  return addSampleOptions(command)
    .addHelpText("after", examples)
    .action(async (model: string, options: SampleOptions) => {
      const { shard } = options;
      if (shard === undefined) return run(model, options, context);
      const { runShards } = await import("./sample-shards.js");
      return runShards(model, { ...options, shard }, context);
    });
}

const examples = `
Examples:
  quench sample models/digits --labels all --count 64
  quench sample models/digits --labels 0-4 --guidance 2 --solver edm-heun --steps 18 --grid edm --out heun.png
  quench sample models/digits --seeds 0-999 --batch 100 --solver ddim --option eta=1 --steps 50 --out draws.npz
  quench sample models/digits --sigmas 80,20,5,1,0.2,0 --out pictures/ --json
  quench sample models/digits --labels all --count 50000 --batch 100 --shard 1000 --out fifty-thousand/`;

async function run(path: string, options: SampleOptions, { stdout, stderr, signal }: Context): Promise<void> {
  const begun = performance.now();
  // The rest of Quench is loaded here, so that `quench --help` does not wait for it.
  const { openDestination, requireWritable, writeSamples } = await import("../destination.js");
  const destination = await openDestination(options.out, options.force ?? false);
  const [{ openModel }, { draw, resolveRequest }, { sampleRequest }, { progressBar }] = await Promise.all([
    import("../../denoiser/open-model.js"),
    import("../../engine/index.js"),
    import("../sample-request.js"),
    import("../progress.js"),
  ]);
  const model = await openModel(path, options.device ? { session: { device: options.device } } : {});
  try {
    requireWritable(destination, model.shape);
    const request = await sampleRequest(options, model);
    const {
      solver,
      options: solverOptions,
      grid,
      steps,
      seeds,
      samples,
      rows,
    } = resolveRequest(model, request);
    const loaded = performance.now();

    const batches = Math.ceil(rows / options.batch);
    const bar = options.quiet
      ? undefined
      : await progressBar(stderr, `${rows} from ${model.name}`, batches * steps);
    const drawn = await draw(model, request, { batch: options.batch, signal, onStep: bar?.advance }).finally(
      () => bar?.stop(),
    );
    const sampled = performance.now();

    const files = await uninterrupted(() =>
      writeSamples(destination, drawn, {
        valueRange: model.valueRange ?? [-1, 1],
        columns: options.columns,
        labels: request.labels as readonly number[] | undefined,
        seeds: [...seeds],
        samples: [...samples],
      }),
    );
    const ended = performance.now();
    const milliseconds = {
      load: loaded - begun,
      sample: sampled - loaded,
      ...drawn.timings,
      write: ended - sampled,
      total: ended - begun,
    };
    if (options.json) {
      printJson(stdout, {
        model: { name: model.name, folder: model.folder, sha256: model.hash },
        solver: { name: solver.name, ...solverOptions },
        // Error control takes as many as it needs.
        steps: solver.evaluations(steps, solverOptions) === undefined ? null : steps,
        grid: grid.name,
        preset: request.preset ? { nfe: request.preset.nfe } : null,
        times: drawn.times,
        shape: drawn.shape,
        nfe: drawn.nfe,
        milliseconds,
        files,
      });
    } else if (!options.quiet) {
      const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
      const where = files.length === 1 ? files[0] : `${files.length} files in ${options.out}`;
      printLine(
        stdout,
        `${rows} ${rows === 1 ? "sample" : "samples"} from ${model.name} by ${solver.name} on ${request.preset ? "its preset's grid" : grid.name}, NFE ${drawn.nfe}, ` +
          `in ${seconds(milliseconds.total)} (load ${seconds(milliseconds.load)}, model ${seconds(drawn.timings.model)}, ` +
          `solver ${seconds(drawn.timings.solver + drawn.timings.noise)}, write ${seconds(milliseconds.write)}): ${where}`,
      );
    }
  } finally {
    await model.close();
  }
}
