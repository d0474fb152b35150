import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const folders: string[] = [];
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

/** An empty folder, which is removed after the file's tests. */
export function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), "quench-evaluate-")));
  return folders.at(-1)!;
}
