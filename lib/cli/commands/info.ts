import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import type { OpenedModel } from "../../denoiser/open-model.js";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";
import { table } from "../table.js";

export function infoCommand(context: Context): Command {
  return new Command("info")
    .description("Check a model and print what it is and expects.")
    .argument("<model>", "a model's folder or ONNX file, a mixture's .json, or the name of a shipped mixture")
    .addHelpText("after", examples)
    .action((model: string, options: CommonOptions) => run(model, options, context));
}

const examples = `
Examples:
  quench info models/digits
  quench info models/digits --json`;

async function run(path: string, { json }: CommonOptions, { stdout }: Context): Promise<void> {
  const { openModel } = await import("../../denoiser/open-model.js");
  const model = await openModel(path);
  try {
    const about = { ...describe(model), presets: await presetsOf(model) };
    if (json) return printJson(stdout, about);
    const rows = Object.entries(about).map(([key, value]) => [words(key), text(value)]);
    for (const line of table(["model", model.name], rows.slice(1))) printLine(stdout, line);
  } finally {
    await model.close();
  }
}

function describe(model: OpenedModel) {
  const { config, process, truth } = model;
  return {
    name: model.name,
    ...(config
      ? {
          description: config.description,
          license: config.license,
          folder: model.folder,
          file: model.file,
        }
      : { mixture: `of ${truth!.weights.length} Gaussians` }),
    sha256: model.hash,
    ...(config ? { verified: config.sha256 !== undefined } : {}),
    process: config?.process ?? { type: process.type },
    sigmaRange: [process.at(process.tEnd), process.at(process.tStart)].map(
      ({ sigma, alpha }) => sigma / alpha,
    ),
    prediction: model.prediction,
    shape: model.shape,
    valueRange: model.valueRange,
    dtype: model.dtype,
    batch: model.fixedBatch ?? "dynamic",
    classes: model.classes,
    nullClass: model.nullClass,
    ...(config?.conditions ? { conditions: config.conditions } : {}),
    guidance: model.nullClass !== undefined || Object.keys(model.conditions ?? {}).length > 0,
  };
}

/** Names of the files that `quench sample` may take by itself. */
async function presetsOf({ folder }: OpenedModel): Promise<string[]> {
  const files = folder === undefined ? [] : await readdir(join(folder, "presets")).catch(() => []);
  const names = files
    .filter((file) => /^nfe-\d.*\.json$/.test(file))
    .map((file) => file.replace(/\.json$/, ""));
  return names.sort(new Intl.Collator("en", { numeric: true }).compare);
}

function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function text(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) {
    const shown = value.slice(0, 12).map(text).join(", ");
    return value.length > 12 ? `${shown}, ... (${value.length})` : shown;
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([key, member]) => (key === "type" ? text(member) : `${key} ${text(member)}`))
      .join(", ");
  }
  return String(value);
}
