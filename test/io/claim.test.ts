import { spawnSync } from "node:child_process";
import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claimFolder, claiming, isClaim } from "../../lib/io/claim.js";
import { temporaryFolder } from "./support.js";

test("a second claim is refused, also in the same process, until the first is given up", async () => {
  const folder = await temporaryFolder();
  const release = await claimFolder(folder);
  expect((await readdir(folder)).filter((name) => !isClaim(name))).toEqual([]);
  await expect(claimFolder(folder)).rejects.toMatchObject({
    code: "FOLDER_IN_USE",
    where: folder,
    message: expect.stringContaining(`process ${process.pid} writes here`),
  });
  await release();
  await (await claimFolder(folder))();
  expect(await readdir(folder)).toEqual([]);
});

test("of many at once, never two succeed", async () => {
  for (let round = 0; round < 20; round++) {
    const folder = await temporaryFolder();
    const claims = await Promise.allSettled(Array.from({ length: 5 }, () => claimFolder(folder)));
    const won = claims.filter(({ status }) => status === "fulfilled");
    expect(won.length).toBeLessThanOrEqual(1);
    expect((await readdir(folder)).length).toBe(won.length);
  }
});

test("the claim of a process that is gone counts for nothing, one of another machine counts", async () => {
  const folder = await temporaryFolder();
  const release = await claimFolder(folder);
  const [live] = await readdir(folder);
  await release();
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  // The same number, but a process that began at another time.
  const reused = live!.replace(/-[0-9a-f]*-([0-9a-f]{8})$/, "-0123456789ab-$1");
  for (const stale of [
    live!.replace(`-${process.pid}-`, `-${gone}-`),
    ...(process.platform === "linux" ? [reused] : []),
  ]) {
    expect([isClaim(stale), stale === live]).toEqual([true, false]);
    await writeFile(join(folder, stale), "");
    await (await claimFolder(folder))();
    expect(await readdir(folder)).toEqual([]);
  }
  await writeFile(join(folder, live!.replace(/^\.writer-[0-9a-f]{12}/, ".writer-0123456789ab")), "");
  await expect(claimFolder(folder)).rejects.toMatchObject({
    code: "FOLDER_IN_USE",
    message: expect.stringContaining("of another machine"),
  });
});

test("a folder that is not there is a write error", async () => {
  const folder = join(await temporaryFolder(), "absent");
  await expect(claimFolder(folder)).rejects.toMatchObject({ code: "WRITE_FAILED", where: folder });
});

test("the work in a file is one run's at a time, whatever other files lie beside it", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, ".out.json.work");
  const work = async () => {
    await expect(claiming(path, async () => "twice")).rejects.toMatchObject({
      code: "FILE_IN_USE",
      where: path,
      message: expect.stringContaining(`process ${process.pid} writes here`),
    });
    await writeFile(path, "");
    return claiming(join(folder, ".other.json.work"), async () => "done");
  };
  expect(await claiming(path, work)).toBe("done");
  await expect(claiming(path, async () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await readdir(folder)).toEqual([".out.json.work"]);
});

test("the work of a run that was killed is anyone's", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, ".out.json.work");
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  await claiming(path, async () => {
    const [live] = await readdir(folder);
    await rename(join(folder, live!), join(folder, live!.replace(`-${process.pid}-`, `-${gone}-`)));
    expect(await claiming(path, async () => "done")).toBe("done");
    expect(await readdir(folder)).toEqual([]);
  });
});
