import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those it lies in that are missing, one after the other: Node's own recursion says of a read-only
 * file system that a folder does not exist, and never ends below /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  if (await isFolder(path)) return;
  if (await isMissing(dirname(path))) await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (cause) {
    if (!(await isFolder(path))) throw cause; // else somebody has made it meanwhile
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === "ENOENT",
  );
}
