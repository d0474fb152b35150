// What only a process of its own can show: signals, permissions, a full disk, a closed pipe.

import { type SpawnOptions, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { buildLibrary, main } from "./built.js";
import { digits, emptyFolder, type Outcome } from "./run-quench.js";

beforeAll(buildLibrary, 120_000);

function start(command: string, args: readonly string[], options: SpawnOptions = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const exit = new Promise<number>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(code ?? -1));
  });
  const outcome = Promise.all([exit, text(child.stdout!), text(child.stderr!)]).then(
    ([exitCode, stdout, stderr]): Outcome => ({ exitCode, stdout, stderr }),
  );
  return { child, outcome };
}

/** Waits until a process has ONNX Runtime in its memory; elsewhere than on Linux, long enough for that. */
async function loaded(pid: number): Promise<void> {
  if (process.platform !== "linux") return setTimeout(3000);
  while (!readFileSync(`/proc/${pid}/maps`, "utf8").includes("onnxruntime")) await setTimeout(50);
}

function limited(blocks: number, args: readonly string[]): string[] {
  return ["-c", `ulimit -f ${blocks} && exec "$0" "$@"`, process.execPath, main, ...args];
}

describe("quench as a process", { timeout: 300_000 }, () => {
  it("says in one line what helps where the native addon cannot be loaded, and prints help without it", async () => {
    const env = { ...process.env, QUENCH_PREBUILD: emptyFolder() };
    const out = join(emptyFolder(), "x.png");
    const args = [main, "sample", digits, "--json", "--out", out];
    const failed = await start(process.execPath, args, { env }).outcome;
    expect(failed.stderr).toMatch(/^quench: NATIVE: [^\n]*npm rebuild quench[^\n]*\n$/);
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: "NATIVE" } });
    expect(failed.exitCode).toBe(1);
    expect((await start(process.execPath, [main, "--help"], { env }).outcome).exitCode).toBe(0);
  });

  it.runIf(process.platform === "linux")("says in one line that stdout is full", async () => {
    const { outcome } = start("bash", ["-c", '"$0" "$1" solvers > /dev/full', process.execPath, main]);
    const { exitCode, stderr } = await outcome;
    expect(stderr).toMatch(/^quench: WRITE_FAILED: cannot write to stdout \([^\n]*ENOSPC[^\n]*\)\n$/);
    expect(exitCode).toBe(1);
  });

  it("samples, and is quiet where it is piped", async () => {
    const out = join(emptyFolder(), "x.png");
    const { outcome } = start(process.execPath, [main, "sample", digits, "--steps", "2", "--out", out]);
    const { exitCode, stdout, stderr } = await outcome;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^1 sample from digits/);
    expect(readFileSync(out).subarray(1, 4).toString()).toBe("PNG");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("stops at the next step on %s, exits with %d and leaves nothing", async (signal, code) => {
    const folder = emptyFolder();
    const args = ["sample", digits, "--steps", "100000", "--count", "2", "--out", join(folder, "x.npz")];
    const { child, outcome } = start(process.execPath, [main, ...args]);
    await loaded(child.pid!);
    child.kill(signal);
    const { exitCode, stdout, stderr } = await outcome;
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: code,
      stdout: "",
      stderr: `quench: ABORTED: stopped by ${signal}; nothing was written\n`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("fails before the model is loaded where the folder is read-only", async () => {
    const folder = emptyFolder();
    const readOnly = join(folder, "read-only");
    mkdirSync(readOnly);
    chmodSync(folder, 0o755);
    chmodSync(readOnly, 0o555);
    // Root may write anywhere: become someone else.
    const someone = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
    if (someone) chownSync(readOnly, someone.uid, someone.gid);
    const { outcome } = start(
      process.execPath,
      [main, "sample", "no/such/model", "--out", join(readOnly, "x.png")],
      someone,
    );
    const { exitCode, stderr } = await outcome;
    expect(stderr).toMatch(/^quench: WRITE_FAILED: .*x\.png: cannot write: no permission in its folder\n$/);
    expect(exitCode).toBe(1);
    expect(readdirSync(readOnly)).toEqual([]);
  });

  // A limit on the size of files, in blocks of 1024 bytes, fails writes half way, as a full disk does.
  it.each([
    ["x.npy", 1],
    ["pictures", 0],
  ])("leaves nothing of %s where the disk is full", async (name, blocks) => {
    const folder = emptyFolder();
    const args = ["sample", digits, "--count", "2", "--steps", "1", "--out", join(folder, name)];
    const { exitCode, stderr } = await start("bash", limited(blocks, args)).outcome;
    expect(stderr).toMatch(new RegExp(`^quench: WRITE_FAILED: .*${name}: cannot write`));
    expect(exitCode).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves what was there where an overwrite fails", async () => {
    const out = join(emptyFolder(), "x.npy");
    writeFileSync(out, "mine");
    const args = ["sample", digits, "--steps", "1", "--force", "--out", out];
    expect((await start("bash", limited(1, args)).outcome).exitCode).toBe(1);
    expect(readFileSync(out, "utf8")).toBe("mine");
  });

  it("takes a reader that stops early for no error", async () => {
    const { outcome } = start("bash", ["-c", `"$0" "$1" solvers --json | head -c 1`, process.execPath, main]);
    expect(await outcome).toEqual({ exitCode: 0, stdout: "{", stderr: "" });
  });

  it("goes on where nobody reads its progress", async () => {
    const plan = ["--solvers", "ddim,unipc", "--nfe", "2,3", "--samples", "20", "--metrics", "rmse"];
    const args = [main, "evaluate", "circle8", ...plan, "--out", emptyFolder(), "--json"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.destroy();
    const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
    const { cells } = JSON.parse(await text(child.stdout)) as { cells: unknown[] };
    expect([await exit, cells.length]).toEqual([0, 4]);
  });
});
