import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../lib/io/make-folder.js";

const isFolder = (path: string) => statSync(path).isDirectory();

test("folders are made with those they lie in, once or by several at a time", async () => {
  const root = mkdtempSync(join(tmpdir(), "quench-folder-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const path = join(root, "a", "b", "c");
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(root, "a", "d"))]);
  await makeFolder(path);
  expect([isFolder(path), isFolder(join(root, "a", "d"))]).toEqual([true, true]);
  writeFileSync(join(root, "file"), "");
  await expect(makeFolder(join(root, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  for (const below of ["file/a", "file/a/b"])
    await expect(makeFolder(join(root, below))).rejects.toMatchObject({ code: "ENOTDIR" });
});

test.skipIf(process.platform !== "linux")(
  "where nobody can make one, that is said, and at once",
  async () => {
    await expect(makeFolder("/proc/quench/a")).rejects.toMatchObject({ code: "ENOENT" });
  },
);
