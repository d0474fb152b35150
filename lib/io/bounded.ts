import { readFile } from "node:fs/promises";
import { received } from "../checks/received.js";
import { type ErrorCode, QuenchError, reasonOf, requireArgument } from "../errors.js";
import { statFile } from "./regular-file.js";

/**
 * Reads a file whose size is looked at first, so that no file fills the memory.
 * @throws QuenchError with `code`, `where` the path, for a file that is missing, unreadable, too large, or none;
 * INVALID_ARGUMENT for a limit that is none
 */
export async function readBounded(
  path: string,
  maximumBytes: number,
  code: ErrorCode = "INVALID_FILE",
): Promise<Buffer> {
  requireArgument(
    typeof maximumBytes === "number" && maximumBytes > 0,
    "maximumBytes",
    () => `expected a number above 0, received ${received(maximumBytes)}`,
  );
  const fail = (message: string, cause?: unknown) => new QuenchError(code, message, { where: path, cause });
  try {
    const { size } = await statFile(path);
    if (size > maximumBytes) throw fail(`${size} bytes are more than the limit of ${maximumBytes}`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof QuenchError) throw cause;
    throw fail(`cannot read the file (${reasonOf(cause)})`, cause);
  }
}
