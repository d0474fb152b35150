import { type Context, printJson, printLine } from "../context.js";
import type { SampleOptions } from "../sample-options.js";

/** `quench sample --shard n`: numbered files in a folder, continued where a killed run left off. */
export async function runShards(
  path: string,
  options: SampleOptions & { readonly shard: number },
  context: Context,
): Promise<void> {
  const { stdout, stderr, signal } = context;
  const { batch, shard, out: folder } = options;
  const [
    { openModel },
    { Engine, partOf, resolveRequest },
    { sampleShards },
    { sampleRequest },
    { progressBar },
    { requireFolderName },
  ] = await Promise.all([
    import("../../denoiser/open-model.js"),
    import("../../engine/index.js"),
    import("../../shards/index.js"),
    import("../sample-request.js"),
    import("../progress.js"),
    import("../destination.js"),
  ]);
  requireFolderName(folder);
  const model = await openModel(path, options.device ? { session: { device: options.device } } : {});
  // Guided samples are two rows each; an evaluation of one batch must fit one model call.
  const engine = new Engine(model, { maxBatch: 2 * batch, queueLimit: 2 * batch });
  try {
    const request = await sampleRequest(options, model);
    // What is wrong is said before a folder is made. There is never more than one file's samples in memory.
    resolveRequest(model, partOf(request, 0, Math.min(request.count, shard)));
    const bar = options.quiet
      ? undefined
      : await progressBar(stderr, `${request.count} from ${model.name}`, request.count, "samples");
    context.whenStopped = "finished files are kept, and the same command continues";
    const manifest = await sampleShards(engine, {
      folder,
      request,
      shard,
      batch,
      model,
      signal,
      ...(bar ? { onShard: bar.update } : {}),
    }).finally(() => bar?.stop());
    const { shards } = manifest;
    if (options.json) printJson(stdout, { folder, ...manifest });
    else if (!options.quiet)
      printLine(stdout, `${request.count} samples from ${model.name} in ${shards.length} files: ${folder}`);
  } finally {
    await engine.close();
  }
}
