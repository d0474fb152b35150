import { Command } from "commander";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";
import { table } from "../table.js";

export function schedulesCommand(context: Context): Command {
  return new Command("schedules")
    .description("List the schedules that place a grid's noise levels.")
    .addHelpText("after", examples)
    .action((options: CommonOptions) => run(options, context));
}

const examples = `
Examples:
  quench schedules
  quench sample models/digits --grid edm --grid-option rho=5 --final zero`;

const footer = `
quench sample and the like take these as --grid-option NAME=VALUE, and a risk curve as --risk FILE.
quench schedule has options of its own for them: quench schedule --help.`;

async function run({ json }: CommonOptions, { stdout }: Context): Promise<void> {
  const { schedules } = await import("../../schedule/index.js");
  const entries = Object.values(schedules).map(({ name, summary, source, options }) => ({
    name,
    summary,
    source,
    options,
  }));
  if (json) return printJson(stdout, { schedules: entries });
  const rows = entries.map(({ name, summary, source, options }) => [
    name,
    summary,
    options.join(" "),
    source,
  ]);
  for (const line of table(["NAME", "PLACES LEVELS", "TAKES", "SOURCE"], rows)) printLine(stdout, line);
  printLine(stdout, footer);
}
