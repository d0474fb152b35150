import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, lstat, mkdir, open, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { replaceFile } from "../../lib/io/atomic.js";
import { writeFileAtomic } from "../../lib/io/index.js";
import { temporaryFolder } from "./support.js";

/** What hard links fail with, as on a file system that has none. */
const linking = vi.hoisted(() => ({ failure: undefined as Error | undefined }));
vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof import("node:fs/promises")>();
  const link: typeof fs.link = async (from, to) => {
    if (linking.failure) throw linking.failure;
    await fs.link(from, to);
  };
  return { ...fs, link };
});

const rejected = (where: string, message: string) => ({
  code: "WRITE_FAILED",
  where,
  message: expect.stringContaining(message),
});

test("writes and replaces, and leaves nothing else behind", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "a.txt");
  await writeFileAtomic(path, "one");
  await writeFileAtomic(path, Buffer.from("two"));
  expect(await readFile(path, "utf8")).toBe("two");
  expect(await readdir(folder)).toEqual(["a.txt"]);
});

test("many writers of one file leave one whole version", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "a.txt");
  const versions = Array.from({ length: 8 }, (_, i) => String(i).repeat(10_000));
  await Promise.all(versions.map((text) => writeFileAtomic(path, text)));
  expect(versions).toContain(await readFile(path, "utf8"));
  expect(await readdir(folder)).toEqual(["a.txt"]);
});

describe("failures name the path and leave what was there", () => {
  test("a missing folder", async () => {
    const path = join(await temporaryFolder(), "absent", "a.txt");
    await expect(writeFileAtomic(path, "x")).rejects.toMatchObject(rejected(path, "does not exist"));
  });

  test("a folder that is a file, a file that is a folder", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "");
    const inside = join(folder, "file", "a.txt");
    await expect(writeFileAtomic(inside, "x")).rejects.toMatchObject(rejected(inside, "is a file"));
    await mkdir(join(folder, "sub"));
    await expect(writeFileAtomic(join(folder, "sub"), "x")).rejects.toMatchObject(
      rejected(join(folder, "sub"), "cannot write"),
    );
    expect((await readdir(folder)).toSorted()).toEqual(["file", "sub"]);
  });

  test("what is no file, such as a device", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    await symlink("/dev/null", join(folder, "link"));
    for (const name of ["pipe", "link"]) {
      const target = join(folder, name);
      await expect(writeFileAtomic(target, "x")).rejects.toMatchObject(rejected(target, "not a file"));
    }
    expect((await lstat(path)).isFIFO()).toBe(true);
    expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
    expect((await readdir(folder)).toSorted()).toEqual(["link", "pipe"]);
  });

  test("a read-only folder", async ({ skip }) => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o555);
    const open = await writeFile(join(folder, "probe"), "").then(
      () => true,
      () => false,
    );
    if (open) skip("this user may write anywhere");
    await expect(writeFileAtomic(join(folder, "a.txt"), "x")).rejects.toMatchObject(
      rejected(join(folder, "a.txt"), "no permission"),
    );
    await chmod(folder, 0o755);
  });

  test.runIf(existsSync("/dev/full"))("a full disk", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "a.txt");
    await writeFileAtomic(path, "before");
    const toFullDisk = replaceFile(path, async (file) => {
      await file.writeFile("half of");
      const full = await open("/dev/full", "w");
      await full.writeFile("the rest").finally(() => full.close());
    });
    await expect(toFullDisk).rejects.toMatchObject(rejected(path, "disk is full"));
    expect(await readFile(path, "utf8")).toBe("before");
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });
});

describe("a file that is not to be replaced", () => {
  const kept = (path: string) => rejected(path, "has appeared in the meantime");

  test("is written where there is none, and stays where there is", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "a.txt");
    await writeFileAtomic(path, "one", { replace: false });
    await expect(writeFileAtomic(path, "two", { replace: false })).rejects.toMatchObject(kept(path));
    expect(await readFile(path, "utf8")).toBe("one");
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });

  test("is of one of many writers", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "a.txt");
    const writers = Array.from({ length: 8 }, (_, i) => writeFileAtomic(path, String(i), { replace: false }));
    const results = await Promise.allSettled(writers);
    const won = results.flatMap(({ status }, i) => (status === "fulfilled" ? [String(i)] : []));
    expect(won).toEqual([await readFile(path, "utf8")]);
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });

  test.each(["EPERM", "ENOTSUP"])("where the file system answers links with %s, likewise", async (code) => {
    const folder = await temporaryFolder();
    const path = join(folder, "a.txt");
    linking.failure = Object.assign(new Error(code), { code });
    onTestFinished(() => {
      linking.failure = undefined;
    });
    await writeFileAtomic(path, "one", { replace: false });
    await expect(writeFileAtomic(path, "two", { replace: false })).rejects.toMatchObject(kept(path));
    expect(await readFile(path, "utf8")).toBe("one");
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });
});

test("a name as long as the file system takes is taken", async () => {
  const folder = await temporaryFolder();
  for (const name of ["x".repeat(255), "ü".repeat(127)]) {
    await writeFileAtomic(join(folder, name), "whole");
    expect(await readFile(join(folder, name), "utf8")).toBe("whole");
  }
  expect(await readdir(folder)).toHaveLength(2);
});
