import { randomBytes } from "node:crypto";
import { type FileHandle, link, lstat, open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { received } from "../checks/received.js";
import { QuenchError, reasonOf, requireArgument } from "../errors.js";

/**
 * Writes a file so that it is either whole or not there: into a temporary file in the same folder, flushed to the
 * disk, then renamed over `path`. The temporary file is removed when anything fails.
 *
 * @param replace whether to write over a file that is there, or that has appeared while this one was written
 * @throws QuenchError `WRITE_FAILED`, `where` the path.
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array | string,
  { replace = true }: { readonly replace?: boolean } = {},
): Promise<void> {
  await publish(path, (file) => file.writeFile(bytes), replace ? rename : moveToNew);
}

/** As {@link writeFileAtomic}, with the content written by a function. What is there and no file is never replaced. */
export async function replaceFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  await publish(path, write, rename);
}

/**
 * Moves a file to a name that nothing has: whatever was there, or came there just now, stays.
 * @throws Error EEXIST, as of the file system
 */
export async function moveToNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to); // unlike a rename, fails where the name is taken
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    const taken = await lstat(to).catch(() => undefined);
    if (!withoutHardLinks.has(code) || taken) throw taken ? existsError(to) : cause;
    await rename(from, to);
    return;
  }
  await unlink(from).catch(() => undefined); // the file is there: what is left over makes it no failure
}

/** What file systems say that know no hard links. */
const withoutHardLinks: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

function existsError(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`EEXIST: ${path}`), { code: "EEXIST" });
}

async function publish(
  path: string,
  write: (file: FileHandle) => Promise<void>,
  move: (from: string, to: string) => Promise<void>,
): Promise<void> {
  requireArgument(
    typeof path === "string",
    "path",
    () => `expected the path of a file, received ${received(path)}`,
  );
  const existing = await stat(path).catch(() => undefined);
  if (existing && !existing.isFile()) {
    const what = existing.isDirectory()
      ? "a folder of that name exists"
      : "it is a device or the like, not a file";
    throw new QuenchError("WRITE_FAILED", `cannot write: ${what}`, { where: path });
  }
  // Not all of a long name: with what is added, no file system would take it.
  const temporary = join(
    dirname(path),
    `.${basename(path).slice(0, 50)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, "wx");
    await write(file);
    await file.sync();
    await file.close();
    await move(temporary, path);
  } catch (cause) {
    if (file !== undefined) {
      await file.close().catch(() => undefined);
      await unlink(temporary).catch(() => undefined);
    }
    throw writeError(path, cause);
  }
}

/** The error for a path that could not be written, in words for the usual causes. */
export function writeError(path: string, cause: unknown): QuenchError {
  if (cause instanceof QuenchError) return cause;
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? "";
  return new QuenchError("WRITE_FAILED", reasons[code] ?? `cannot write (${reasonOf(cause)})`, {
    where: path,
    cause,
  });
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "cannot write: a file of that name has appeared in the meantime",
  ENOENT: "cannot write: its folder does not exist",
  ENOTDIR: "cannot write: its folder is a file",
  EISDIR: "cannot write: a folder of that name exists",
  EACCES: "cannot write: no permission in its folder",
  EPERM: "cannot write: no permission in its folder",
  EROFS: "cannot write: the file system is read-only",
  ENOSPC: "cannot write: the disk is full",
  EDQUOT: "cannot write: the disk quota is used up",
};
