import { Command, Option } from "commander";
import type { ConformResult } from "../../conform/index.js";
import { defined } from "../../defined.js";
import { QuenchError } from "../../errors.js";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";

interface ConformCommandOptions extends CommonOptions {
  readonly dtype: "float64" | "float32";
  readonly only?: string;
}

export function conformCommand(context: Context): Command {
  return new Command("conform")
    .description("Compare the solvers with golden vectors recorded from reference implementations.")
    .argument("<files...>", "golden-vector files (JSON)")
    .addOption(
      new Option("--dtype <type>", "arithmetic of the sampler")
        .choices(["float64", "float32"])
        .default("float64"),
    )
    .option("--only <regex>", "run only the cases whose id matches")
    .addHelpText("after", examples)
    .action((files: string[], options: ConformCommandOptions) => run(files, options, context));
}

const examples = `
A case passes where its largest error relative to the largest |x_0| is within its tolerance: 1e-9 where the
reference ran in float64, 1e-4 where it or --dtype is float32, or the tolerance that the case names. A case whose
options Quench does not have is unsupported, never run without them.

Exit codes: 0 none failed, 1 some failed, 2 bad usage.

Examples:
  quench conform test/golden/*.json
  quench conform test/golden/evodiff.worldA.json --only s10 --json`;

async function run(files: string[], options: ConformCommandOptions, context: Context): Promise<void> {
  const { stdout, signal } = context;
  const only = options.only === undefined ? undefined : expression(options.only);
  const { conform } = await import("../../conform/index.js");
  const cases = await conform(files, {
    dtype: options.dtype,
    signal,
    ...defined({ only }),
    ...(options.json ? {} : { onCase: (result) => printLine(stdout, line(result)) }),
  });
  if (cases.length === 0) {
    throw options.only === undefined
      ? new QuenchError("INVALID_FILE", "there are no cases to run", { where: files.join(", ") })
      : new QuenchError("INVALID_ARGUMENT", `no case matches ${options.only}`, { where: "--only" });
  }
  const count = (status: ConformResult["status"]) =>
    cases.filter((result) => result.status === status).length;
  const [passed, failed, unsupported] = [count("pass"), count("fail"), count("unsupported")];
  if (options.json) printJson(stdout, { cases, passed, failed, unsupported });
  else printLine(stdout, `${passed} passed, ${failed} failed, ${unsupported} unsupported`);
  if (failed > 0) context.exitCode = 1;
}

function line({
  id,
  status,
  maxError,
  relError,
  nfe,
  referenceNfe,
  tolerance,
  reason,
}: ConformResult): string {
  const figure = (value: number | null) => (value === null ? "-" : value.toExponential(2));
  const measured =
    relError === null
      ? (reason ?? "")
      : `max ${figure(maxError)}  rel ${figure(relError)} (${tolerance.toExponential()})  nfe ${nfe}` +
        `${nfe === referenceNfe ? "" : ` (reference ${referenceNfe})`}`;
  return `${status.padEnd(11)}  ${id}  ${measured}`.trimEnd();
}

function expression(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new QuenchError("INVALID_ARGUMENT", (cause as Error).message, { where: "--only", cause });
  }
}
