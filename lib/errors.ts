import { closest, distance } from "fastest-levenshtein";
import { received } from "./checks/received.js";

/** Every code a {@link QuenchError} can carry. Stable: programs may switch on it. */
export type ErrorCode =
  | "INVALID_ARGUMENT"
  | "UNKNOWN_NAME"
  | "INVALID_MODEL"
  | "MODEL_MISMATCH"
  | "MISSING_DEPENDENCY"
  | "MODEL_FAILED"
  | "INVALID_FILE"
  | "INVALID_ARTIFACT"
  | "WRITE_FAILED"
  | "FOLDER_IN_USE"
  | "FILE_IN_USE"
  | "ABORTED"
  | "DEADLINE_EXCEEDED"
  | "ENGINE_SATURATED"
  | "ENGINE_CLOSED"
  | "WORKER_FAILED"
  | "NATIVE"
  | "CUDA_NOT_BUILT"
  | "CUDA_NOT_LOADABLE"
  | "CUDA_NO_DRIVER"
  | "CUDA_NO_DEVICE"
  | "CUDA_FAILED";

/** What is wrong with a request, or asks for what is not here: whoever sent it is to change it. */
export const requestErrors: ReadonlySet<ErrorCode> = new Set([
  "INVALID_ARGUMENT",
  "UNKNOWN_NAME",
  "MODEL_MISMATCH", // a preset, risk curve or coefficients of another model
  "INVALID_ARTIFACT",
  "INVALID_FILE",
  "CUDA_NOT_BUILT",
  "CUDA_NOT_LOADABLE",
  "CUDA_NO_DRIVER",
  "CUDA_NO_DEVICE",
]);

/** The one error class of the package: `code` for programs, `message` for people, `where` for the place. */
export class QuenchError extends Error {
  override readonly name: string = "QuenchError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { readonly where?: string; readonly cause?: unknown } = {},
  ) {
    super(options.where ? `${options.where}: ${message}` : message, { cause: options.cause });
    if (options.where !== undefined) this.where = options.where;
  }

  /** A JSON pointer, an option's name or a path: the place the message speaks of. */
  readonly where?: string;
}

/** What was thrown, in words: anything can be. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Numbers of a run that are no longer finite, though all that the model returned was. */
export class OverflowError extends QuenchError {
  constructor(message: string) {
    super("MODEL_FAILED", message);
  }
}

/**
 * Error for a name that is not in a table, with the nearest one that is.
 * @param place `where` it stands; `meant`, where another name of it is known
 */
export function unknownName(
  what: string,
  name: string,
  known: readonly string[],
  { meant, ...place }: { readonly where?: string; readonly meant?: string | undefined } = {},
): QuenchError {
  return new QuenchError("UNKNOWN_NAME", unknownNameMessage(what, name, known, meant), place);
}

const longestName = 100;

/** A text of who asks, as a message repeats it: its beginning. */
export function shortened(text: string): string {
  return text.length <= longestName ? text : `${text.slice(0, longestName)}…`;
}

export function unknownNameMessage(
  what: string,
  name: string,
  known: readonly string[],
  meant?: string,
): string {
  const hint = meant === undefined ? suggestion(name, known) : `; did you mean "${meant}"?`;
  return `unknown ${what} "${shortened(name)}"${hint || "."} Known: ${known.join(", ")}`;
}

/**
 * The end of a message that names the nearest known name; empty where none is near. Very long names are not
 * compared: they are no misspelling, and comparing them is slow.
 */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = known.length > 0 && name.length <= longestName ? closest(name, known) : "";
  const near = nearest !== "" && distance(name, nearest) <= Math.max(2, Math.floor(nearest.length / 2));
  return near ? `; did you mean "${nearest}"?` : "";
}

/** Throws an `INVALID_ARGUMENT` error unless the condition holds. A message that is a function is made only then. */
export function requireArgument(
  condition: boolean,
  where: string,
  message: string | (() => string),
): asserts condition {
  if (condition) return;
  throw new QuenchError("INVALID_ARGUMENT", typeof message === "string" ? message : message(), { where });
}

/** Throws an `INVALID_ARGUMENT` error unless the value is an integer of the range. */
export function requireInteger(
  value: unknown,
  where: string,
  { least = 1, most = Infinity }: { readonly least?: number; readonly most?: number } = {},
): asserts value is number {
  if (Number.isInteger(value) && least <= (value as number) && (value as number) <= most) return;
  const range = most === Infinity ? `≥ ${least}` : `from ${least} to ${most}`;
  throw new QuenchError("INVALID_ARGUMENT", `expected an integer ${range}, received ${received(value)}`, {
    where,
  });
}

/**
 * The error of what was aborted: the signal's own reason where that is one of ours (a deadline).
 * @param what was aborted, for the message
 */
export function aborted(signal: AbortSignal | undefined, what = "the request"): QuenchError {
  if (signal?.reason instanceof QuenchError) return signal.reason;
  return new QuenchError("ABORTED", `${what} was aborted`, { cause: signal?.reason });
}

/** Throws {@link aborted}'s error where the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined, what?: string): void {
  if (signal?.aborted) throw aborted(signal, what);
}
