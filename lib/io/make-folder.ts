import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those it lies in. Node's own says of a read-only file system that a folder does not exist: making
 * the first missing one alone gives the reason.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") await mkdir(await firstMissing(resolve(folder)));
    throw cause;
  }
}

async function firstMissing(folder: string): Promise<string> {
  const above = dirname(folder);
  const there = above === folder || (await stat(above).catch(() => undefined)) !== undefined;
  return there ? folder : firstMissing(above);
}
