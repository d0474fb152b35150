import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { type ErrorCode, QuenchError, reasonOf } from "../errors.js";
import { benchCommand } from "./commands/bench.js";
import { calibrateCommand } from "./commands/calibrate.js";
import { conformCommand } from "./commands/conform.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { infoCommand } from "./commands/info.js";
import { sampleCommand } from "./commands/sample.js";
import { scheduleCommand } from "./commands/schedule.js";
import { schedulesCommand } from "./commands/schedules.js";
import { serveCommand } from "./commands/serve.js";
import { solversCommand } from "./commands/solvers.js";
import { tuneCommand } from "./commands/tune.js";
import { type Context, helpCommand, printJson, printLine, type Surroundings } from "./context.js";
import { interruptedExitCodes } from "./interrupt.js";

/** Errors that say the command line itself was wrong; everything else means that a run failed. */
const usageErrors: ReadonlySet<ErrorCode> = new Set(["INVALID_ARGUMENT", "UNKNOWN_NAME"]);

/**
 * Runs one command line.
 * @returns the exit code: 0 good, 1 a run failed, 2 bad usage, 130 and 143 stopped by SIGINT and SIGTERM
 */
export async function runCommandLine(args: readonly string[], around: Surroundings): Promise<number> {
  const context: Context = { ...around, exitCode: 0 };
  try {
    await program(context).parseAsync(args, { from: "user" });
    return context.exitCode;
  } catch (error) {
    return reportError(error, args, context);
  }
}

function program(context: Context): Command {
  const packageJson = new URL("../../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(packageJson, "utf8")) as { version: string };
  const quench = new Command("quench")
    .description("Draws samples from pretrained diffusion and flow models in few model calls.")
    .version(version, "-V, --version", "print the version")
    // Options belong to the command they follow: `quench schedule tune` has some of its parent's names.
    .enablePositionalOptions()
    .helpCommand(...helpCommand)
    .addHelpText("after", examples);
  for (const command of [
    sampleCommand(context),
    serveCommand(context),
    infoCommand(context),
    solversCommand(context),
    schedulesCommand(context),
    scheduleCommand(context),
    calibrateCommand(context),
    evaluateCommand(context),
    tuneCommand(context),
    conformCommand(context),
    benchCommand(context),
  ]) {
    command.enablePositionalOptions();
    for (const part of [command, ...command.commands]) {
      part
        .option("--json", "print one JSON object for machines")
        .option("--debug", "print the stack of an error");
    }
    quench.addCommand(command);
  }
  for (const command of [quench, ...quench.commands.flatMap((command) => [command, ...command.commands])]) {
    command
      .helpOption("-h, --help", "print this help")
      .exitOverride()
      .showSuggestionAfterError()
      .configureHelp({ helpWidth: Math.min(context.stdout.columns ?? 100, 100) })
      .configureOutput({
        writeOut: (text) => context.stdout.write(text),
        writeErr: (text) => context.stderr.write(text),
        outputError: () => {}, // reportError prints it
      });
  }
  return quench;
}

const examples = `
Examples:
  quench sample models/digits --labels all --count 64     64 digits of all classes as samples.png
  quench info models/digits                               what a model is and expects
  quench solvers edm-heun                                 a solver's options

Exit codes: 0 success, 1 a run failed, 2 bad usage, 130 or 143 stopped by Ctrl-C or SIGTERM.`;

/** Prints an error on one line with its code, and with --json as an object too. */
function reportError(error: unknown, args: readonly string[], context: Context): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
  const { stderr, stdout } = context;
  const { code, message, where, exitCode } = describe(error, context);
  if (message !== "") printLine(stderr, `quench: ${code}: ${message}`);
  if (args.includes("--json")) printJson(stdout, { error: { code, message, where } });
  if (args.includes("--debug") && error instanceof Error) printLine(stderr, stackOf(error));
  return exitCode;
}

interface Description {
  readonly code: string;
  readonly message: string;
  readonly where?: string | undefined;
  readonly exitCode: number;
}

function describe(error: unknown, { signal, whenStopped }: Context): Description {
  if (signal.aborted) {
    const name = String(signal.reason);
    return {
      code: "ABORTED",
      message: `stopped by ${name}; ${whenStopped ?? "nothing was written"}`,
      exitCode: interruptedExitCodes[name] ?? 1,
    };
  }
  if (error instanceof CommanderError) {
    // `quench` alone prints the help to stderr and has no message of its own.
    const message = error.code === "commander.help" ? "" : oneLine(error.message.replace(/^error: /, ""));
    return { code: "INVALID_ARGUMENT", message, exitCode: 2 };
  }
  if (error instanceof QuenchError) {
    const { code, where } = error;
    return { code, message: oneLine(error.message), where, exitCode: usageErrors.has(code) ? 2 : 1 };
  }
  const message = `${oneLine(reasonOf(error))} (--debug shows the stack)`;
  return { code: "INTERNAL", message, exitCode: 1 };
}

function oneLine(message: string): string {
  return message.trim().replace(/\s*\n\s*/g, " ");
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
