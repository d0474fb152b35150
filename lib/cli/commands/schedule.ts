import { Command, Option } from "commander";
import { defined } from "../../defined.js";
import { QuenchError, unknownName } from "../../errors.js";
import type { Process } from "../../process/index.js";
import type { FoundSchedule, RiskArtifact, ScheduleModel, ScheduleRequest } from "../../schedule/index.js";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";
import { names } from "../names.js";
import { integer, integerOr, integers, number, numberOr } from "../numbers.js";
import { table } from "../table.js";
import { scheduleTuneCommand } from "./schedule-tune.js";

interface ScheduleCommandOptions extends CommonOptions {
  readonly method: string;
  readonly steps: number;
  readonly model?: string;
  readonly risk?: string;
  readonly sigmaMin?: number;
  readonly sigmaMax?: number;
  readonly final?: "min" | "zero";
  readonly timesteps?: "any" | "integer";
  readonly rho?: number;
  readonly sigmaData?: number;
  readonly ceiling: boolean;
  readonly monotone?: true;
  readonly quadrature?: "simpson" | "left";
  readonly search?: "exact" | "plain" | "beam";
  readonly smoothness?: number;
  readonly exponent?: number;
  readonly axis?: number | "inf";
  readonly candidates?: number | "measured";
  readonly beam?: readonly number[];
  readonly allowOtherModel?: true;
  readonly plot?: string;
  readonly force?: true;
  readonly compare?: readonly string[];
}

export function scheduleCommand(context: Context): Command {
  return new Command("schedule")
    .description("Place a grid's noise levels and print or plot them; see `quench schedules`.")
    .enablePositionalOptions()
    .option("-m, --method <name>", "schedule, see `quench schedules`; required")
    .option("-N, --steps <n>", "steps of the grid; required", integer())
    .optionsGroup("For what:")
    .option("--model <path>", "a model (as of quench sample): its range, times and risk.json")
    .option("--risk <file>", "risk curve from `quench calibrate risk` (default: the model's risk.json)")
    .option("--sigma-max <number>", "scaled noise level to start from (default: the model's)", number)
    .option("--sigma-min <number>", "scaled noise level to end at (default: the model's)", number)
    .option("--allow-other-model", "use a risk curve that was measured on another model")
    .optionsGroup("How:")
    .addOption(
      new Option("--final <where>", "end at sigma-min or take one last step to zero").choices([
        "min",
        "zero",
      ]),
    )
    .addOption(
      new Option(
        "--timesteps <kind>",
        "integer: distinct whole timesteps (default: as the model takes them)",
      ).choices(["any", "integer"]),
    )
    .option("--rho <number>", "edm, polyexponential, vp: exponent", number)
    .option(
      "--sigma-data <number>",
      "gaussian-optimal: deviation of the data (default: from the risk)",
      number,
    )
    .option("--no-ceiling", "do not limit the risk to the data variance")
    .option("--monotone", "make the risk non-decreasing in the noise level")
    .addOption(
      new Option("--quadrature <rule>", "entropic: Simpson's rule or the paper's left sum").choices([
        "simpson",
        "left",
      ]),
    )
    .addOption(
      new Option("--search <how>", "las: search (default: exact)").choices(["exact", "plain", "beam"]),
    )
    .option("--smoothness <mu>", "las: weight of changes of step (default: 0)", number)
    .option("--exponent <p>", "las: exponent of changes of step (default: 2)", number)
    .option("--axis <c>", "las: axis g/(1 + g/c) of the SNR g, or inf (default: 10)", numberOr("inf"))
    .option("--candidates <n>", "las: interpolated levels (default: measured)", integerOr("measured"))
    .option("--beam <width,radius,globals>", "las: beam search (default: 8,8,16)", integers(0))
    .optionsGroup("What to show:")
    .option("--plot <file>", "draw entropies and nodes as .svg or .png")
    .option("-f, --force", "overwrite what --plot names")
    .option("--compare <names>", "schedules to draw besides in --plot, separated by commas", names)
    .optionsGroup("Options:")
    .addHelpText("after", examples)
    .action((options: Partial<ScheduleCommandOptions>) => run(complete(options), context))
    .addCommand(scheduleTuneCommand(context));
}

const examples = `
Examples:
  quench schedule --method edm --steps 10 --sigma-min 0.002 --sigma-max 80
  quench schedule --method las --steps 10 --model models/digits --json
  quench schedule --method las --steps 12 --model models/digits --plot grids.png --compare edm,rescaled-entropic`;

/** Commander would ask `quench schedule tune` for them too. */
function complete(options: Partial<ScheduleCommandOptions>): ScheduleCommandOptions {
  const { method, steps, ceiling = true } = options;
  const missing = (where: string) => new QuenchError("INVALID_ARGUMENT", "is required", { where });
  if (method === undefined) throw missing("--method");
  if (steps === undefined) throw missing("--steps");
  return { ...options, method, steps, ceiling };
}

/** A process to place a grid for, and what else is known of its model. */
interface Target {
  readonly process: Process;
  readonly model: ScheduleModel;
  readonly title: string;
  readonly risk: RiskArtifact | undefined;
}

async function run(options: ScheduleCommandOptions, { stdout, signal }: Context): Promise<void> {
  const { schedules, findSchedule } = await import("../../schedule/index.js");
  const compared = options.compare ?? [];
  for (const name of [options.method, ...compared])
    if (!schedules[name]) throw unknownName("schedule", name, Object.keys(schedules));
  const { openDestinationFile } = await import("../destination.js");
  const write =
    options.plot === undefined
      ? undefined
      : await openDestinationFile(options.plot, options.force ?? false, {
          option: "--plot",
          extensions: [".svg", ".png"],
        });
  if (write === undefined && options.compare !== undefined) {
    throw new QuenchError("INVALID_ARGUMENT", "draws besides what --plot draws: give that too", {
      where: "--compare",
    });
  }
  const target = await targetOf(options);
  const { sigmaMin, sigmaMax, final, timesteps } = options;
  const range = defined({ sigmaMin, sigmaMax, final, timesteps });
  const requestFor = (name: string): ScheduleRequest => {
    const takes: readonly string[] = schedules[name]?.options ?? [];
    const own = name === options.method ? ownOptions(options) : {};
    return {
      schedule: name,
      ...range,
      ...(takes.includes("risk") && target.risk && options.sigmaData === undefined
        ? { risk: target.risk }
        : {}),
      ...(takes.includes("risk") && options.allowOtherModel ? { allowOtherModel: true } : {}),
      ...own,
    };
  };
  const find = (name: string) =>
    findSchedule(target.process, requestFor(name), options.steps, { model: target.model, signal });
  const found = await find(options.method);
  if (write) {
    const others: FoundSchedule[] = [];
    for (const name of compared) others.push(await find(name));
    const plot = {
      title: `${target.title}, ${options.steps} steps`,
      schedules: [found, ...others],
      risk: target.risk,
    };
    const { plotPng, plotSvg } = await import("../../schedule/schedule-plot.js");
    await write(/\.svg$/i.test(options.plot!) ? await plotSvg(plot) : await plotPng(plot));
  }
  if (options.json) return printJson(stdout, found);
  const figure = (value: number) => String(Number(value.toPrecision(7)));
  const rows = found.sigma.map((sigma, k) => [String(k), figure(sigma), figure(found.modelTimes[k]!)]);
  for (const line of table(["NODE", "SIGMA/ALPHA", "MODEL TIME"], rows)) printLine(stdout, line);
  if (found.objective !== null) printLine(stdout, `objective ${found.objective}`);
  if (options.plot !== undefined) printLine(stdout, `drawn in ${options.plot}`);
}

function ownOptions(options: ScheduleCommandOptions) {
  const { rho, sigmaData, monotone, quadrature, search, smoothness, exponent, axis, candidates, beam } =
    options;
  if (beam && beam.length !== 3) {
    throw new QuenchError("INVALID_ARGUMENT", "expected three integers", { where: "--beam" });
  }
  const [width, radius, globals] = beam ?? [];
  return defined({
    rho,
    sigmaData,
    monotone,
    quadrature,
    search,
    smoothness,
    exponent,
    axis,
    candidates,
    ceiling: options.ceiling ? undefined : false,
    beam: beam ? { width: width!, radius: radius!, globals: globals! } : undefined,
  });
}

async function targetOf(options: ScheduleCommandOptions): Promise<Target> {
  if (options.model !== undefined) {
    const { riskFor } = await import("../risk-file.js");
    const { openModel } = await import("../../denoiser/open-model.js");
    const model = await openModel(options.model);
    await model.close();
    return {
      process: model.process,
      model,
      title: model.name,
      risk: await riskFor(model, options.risk),
    };
  }
  const { readRisk } = await import("../../calibrate/risk-file.js");
  const risk = options.risk === undefined ? undefined : await readRisk(options.risk);
  const sigmaMin = options.sigmaMin ?? risk?.sigma[0];
  const sigmaMax = options.sigmaMax ?? risk?.sigma.at(-1);
  if (sigmaMin === undefined || sigmaMax === undefined) {
    throw new QuenchError("INVALID_ARGUMENT", "expected a model, or --sigma-min and --sigma-max, or --risk", {
      where: "--model",
    });
  }
  const { edm } = await import("../../process/index.js");
  return {
    process: edm({ sigmaMin, sigmaMax }),
    model: {},
    title: `σ from ${sigmaMax} to ${sigmaMin}`,
    risk,
  };
}
