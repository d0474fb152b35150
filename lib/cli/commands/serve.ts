import { Command, Option } from "commander";
import { defined } from "../../defined.js";
import { requireArgument } from "../../errors.js";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";
import { integer } from "../numbers.js";

interface ServeOptions extends CommonOptions {
  readonly port: number;
  readonly host: string;
  readonly sessions: number;
  readonly threads?: number;
  readonly maxBatch?: number;
  readonly queueLimit?: number;
  readonly isolation: "thread" | "process";
  readonly retries: number;
  readonly callTimeout?: number;
  readonly bodyLimit?: number;
  readonly numberLimit?: number;
  readonly evaluationLimit?: number;
  readonly timeLimit?: number;
  readonly priorities?: true;
  readonly preset?: readonly string[];
}

export function serveCommand(context: Context): Command {
  return new Command("serve")
    .description("Serve models over HTTP: samples as PNG, npy or JSON, progress, metrics, OpenAPI.")
    .argument("<models...>", "folders of models, or ONNX files")
    .option("-p, --port <n>", "port; 0 takes any free one", integer(0), 8080)
    .option("--host <name>", "address to listen on", "127.0.0.1")
    .optionsGroup("Engine:")
    .option("--sessions <n>", "workers per model, each with a session of its own", integer(), 1)
    .option(
      "--threads <n>",
      "threads inside a model call (default: the processors, shared by the sessions)",
      integer(),
    )
    .option("--max-batch <n>", "most rows in one model call (default: 32)", integer())
    .option(
      "--queue-limit <n>",
      "most rows of accepted requests; beyond it clients get 429 (default: 4096)",
      integer(),
    )
    .addOption(
      new Option("--isolation <kind>", "where models run").choices(["thread", "process"]).default("thread"),
    )
    .option("--retries <n>", "how often a request is run again when its worker died", integer(0), 0)
    .option(
      "--call-timeout <seconds>",
      "when a model call is given up: a child process is then replaced, a thread takes no requests until it is back (default: the time limit)",
      integer(),
    )
    .option(
      "--preset <file>",
      "what `quench tune` found for one of the models: draws what requests leave to the server, may be repeated",
      (path: string, paths: readonly string[] = []) => [...paths, path],
    )
    .optionsGroup("Limits:")
    .option("--body-limit <bytes>", "largest request body (default: 1 MiB)", integer())
    .option("--number-limit <n>", "most numbers in one answer (default: 2097152)", integer())
    .option("--evaluation-limit <n>", "most model evaluations of one request (default: 100000)", integer())
    .option(
      "--time-limit <seconds>",
      "when a request is given up, if its own timeout is not shorter (default: 300)",
      integer(),
    )
    .option("--priorities", "let clients set the priority of their requests, and so pass one another")
    .addHelpText("after", examples)
    .action((models: string[], options: ServeOptions) => run(models, options, context));
}

const examples = `
Example:
  quench serve models/digits --preset models/digits/presets/nfe-6.json --port 8080
  curl -H 'accept: image/png' -d '{"count": 16, "labels": 3}' -H 'content-type: application/json' \\
    http://127.0.0.1:8080/v1/samples > threes.png

SIGTERM or Ctrl-C: takes no more requests, answers those it has, and ends.`;

async function run(folders: string[], options: ServeOptions, { stdout, signal }: Context): Promise<void> {
  const {
    port,
    host,
    json,
    debug: _,
    bodyLimit,
    numberLimit,
    evaluationLimit,
    timeLimit,
    callTimeout,
    priorities,
    preset: paths = [],
    ...spawn
  } = options;
  const [{ Engine }, { startServer }, { defaultTimeLimit }, { readPreset }, { presetsByModel }] =
    await Promise.all([
      import("../../engine/index.js"),
      import("../../server/index.js"),
      import("../../server/limits.js"),
      import("../../preset/preset-file.js"),
      import("../../server/presets.js"),
    ]);
  const found = await Promise.all(paths.map(readPreset));
  // After the time limit nobody waits for what the call would bring.
  const engine = { ...spawn, callTimeout: callTimeout ?? timeLimit ?? defaultTimeLimit };
  const engines = await Promise.all(folders.map((model) => Engine.spawn({ ...engine, model, signal })));
  const closeAll = () => Promise.all(engines.map((engine) => engine.close({ drain: false })));
  try {
    const models = Object.fromEntries(engines.map((engine) => [engine.model.name, engine]));
    requireArgument(
      Object.keys(models).length === folders.length,
      "models",
      `two of them have the same name: ${engines.map(({ model }) => model.name).join(", ")}`,
    );
    const limits = defined({ bodyLimit, numberLimit, evaluationLimit, timeLimit, priorities });
    const presets = presetsByModel(found, models);
    const server = await startServer({ models, presets, port, host, ...limits });
    if (json) printJson(stdout, { url: server.url, models: Object.keys(models), pid: process.pid });
    else printLine(stdout, `serving ${Object.keys(models).join(", ")} at ${server.url}`);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await server.close();
  } finally {
    await closeAll();
  }
}
