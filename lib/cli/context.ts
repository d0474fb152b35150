/** A place to print to: a stream that may be a terminal. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a command sees of the world around it. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C, with the signal's name as reason. */
  readonly signal: AbortSignal;
}

/** A command's surroundings, and the exit code it leaves with where nothing is thrown. */
export interface Context extends Surroundings {
  exitCode: number;
  /** What is said of its files where it is stopped, if anything was written. */
  whenStopped?: string;
}

/** Arguments of commander's `helpCommand`, for `quench` and for commands that only hold others. */
export const helpCommand = ["help [command]", "print the help of a command"] as const;

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: true;
  readonly debug?: true;
}

export function printLine(output: Output, line = ""): void {
  output.write(`${line}\n`);
}

export function printJson(output: Output, value: unknown): void {
  printLine(output, JSON.stringify(value, jsonable, 2));
}

/** JSON has no bigint and no infinity; both are written as strings. */
function jsonable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}
