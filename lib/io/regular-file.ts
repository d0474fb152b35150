import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";

/**
 * What there is to know of a file that is about to be read. Pipes, sockets and devices are refused: opening one waits
 * for a writer that may never come. Fails with an Error that says what it is, or as the file system does.
 */
export async function statFile(path: string): Promise<Stats> {
  const found = await stat(path);
  requireRegular(found);
  return found;
}

/** @throws Error that says what it is instead */
export function requireRegular(found: Stats): void {
  if (found.isFile()) return;
  throw new Error(`expected a file, found ${found.isDirectory() ? "a folder" : "a pipe, socket or device"}`);
}
