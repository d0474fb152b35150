// The addon in several environments of one process, and where it cannot be loaded at all.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { afterEach, expect, it, vi } from "vitest";

const script = new URL("./worker.mjs", import.meta.url);

interface Task {
  seed: number;
  threads: number;
  rounds: number;
  thenExit: boolean;
}

/** The worker and what it reports after its first rounds. */
async function start(task: Task): Promise<{ worker: Worker; report: number[] }> {
  const worker = new Worker(script, { workerData: task });
  const report = await new Promise<number[]>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { worker, report };
}

it("several workers load it at once, each with its own threads and counters, and get the same results", async () => {
  const tasks = [1, 2, 3, 4].map((threads) => ({ seed: 5, threads, rounds: threads, thenExit: true }));
  const started = await Promise.all(tasks.map(start));
  started.forEach(({ report }, i) => {
    expect(report.slice(0, 4)).toEqual(started[0]!.report.slice(0, 4));
    expect(report[4]).toBe(tasks[i]!.rounds);
  });
});

it("workers are terminated in the middle of calls, again and again", async () => {
  for (let round = 0; round < 6; round++) {
    const tasks = [1, 2, 3].map((threads) => ({ seed: round, threads, rounds: 1, thenExit: false }));
    const started = await Promise.all(tasks.map(start));
    const codes = await Promise.all(started.map(({ worker }) => worker.terminate()));
    expect(codes).toEqual([1, 1, 1]);
  }
});

it("a process ends cleanly while workers and their threads are at work", async () => {
  const program = `
    import { Worker } from "node:worker_threads";
    let ready = 0;
    for (const threads of [1, 2, 3]) {
      const worker = new Worker(new URL(${JSON.stringify(script.href)}), {
        execArgv: [],
        workerData: { seed: 1, threads, rounds: 1, thenExit: false },
      });
      worker.once("message", () => { if (++ready === 3) process.exit(7); });
    }`;
  for (let round = 0; round < 3; round++) {
    const end = promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
    await expect(end).rejects.toMatchObject({
      code: 7,
      signal: null,
      stderr: expect.not.stringMatching(/FATAL|abort/i),
    });
  }
});

let folder: string | undefined;
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
  if (folder) rmSync(folder, { recursive: true });
  folder = undefined;
});

it("says what helps where no addon is found", async () => {
  folder = mkdtempSync(join(tmpdir(), "quench-"));
  vi.stubEnv("QUENCH_PREBUILD", folder);
  vi.resetModules();
  const loading = import("../../lib/native/index.js");
  await expect(loading).rejects.toMatchObject({ name: "QuenchError", code: "NATIVE" });
  await expect(loading).rejects.toThrow(/npm rebuild quench[\s\S]*npm run build:native/);
});

it("says what helps where the addon is broken", async () => {
  folder = mkdtempSync(join(tmpdir(), "quench-"));
  mkdirSync(join(folder, "build/Release"), { recursive: true });
  writeFileSync(join(folder, "build/Release/quench.node"), "not a shared library");
  vi.stubEnv("QUENCH_PREBUILD", folder);
  vi.resetModules();
  await expect(import("../../lib/native/index.js")).rejects.toThrow(/could not be loaded[\s\S]*What helps/);
});
