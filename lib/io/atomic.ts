import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { QuenchError } from "../errors.js";

/**
 * Writes a file so that it is either whole or not there: into a temporary file in the same folder, flushed to the
 * disk, then renamed over `path`. The temporary file is removed when anything fails.
 *
 * @throws QuenchError `WRITE_FAILED`, `where` the path.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  await replaceFile(path, (file) => file.writeFile(bytes));
}

/** As {@link writeFileAtomic}, with the content written by a function. What is there and no file is never replaced. */
export async function replaceFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing && !existing.isFile()) {
    const what = existing.isDirectory()
      ? "a folder of that name exists"
      : "it is a device or the like, not a file";
    throw new QuenchError("WRITE_FAILED", `cannot write: ${what}`, { where: path });
  }
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, "wx");
    await write(file);
    await file.sync();
    await file.close();
    await rename(temporary, path);
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
  return new QuenchError(
    "WRITE_FAILED",
    reasons[code] ?? `cannot write (${cause instanceof Error ? cause.message : String(cause)})`,
    {
      where: path,
      cause,
    },
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "cannot write: its folder does not exist",
  ENOTDIR: "cannot write: its folder is a file",
  EISDIR: "cannot write: a folder of that name exists",
  EACCES: "cannot write: no permission in its folder",
  EPERM: "cannot write: no permission in its folder",
  EROFS: "cannot write: the file system is read-only",
  ENOSPC: "cannot write: the disk is full",
  EDQUOT: "cannot write: the disk quota is used up",
};
