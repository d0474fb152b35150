// Model calls that do not come back: what callTimeout is for.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine, type SpawnedEngine, type SpawnOptions, sample } from "../../dist/index.js";
import { mixture } from "../fixtures/denoisers/faulty.mjs";

const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
const open: SpawnedEngine[] = [];
let folder: string;
/** While it is there, model calls hold their thread. */
let blockedBy: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quench-hanging-"));
  blockedBy = join(folder, "blocked");
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(open.splice(0).map((engine) => engine.close({ drain: false })));
});

async function spawn(
  faults: Record<string, unknown>,
  options: Omit<SpawnOptions, "model">,
): Promise<SpawnedEngine> {
  const engine = await Engine.spawn({ ...options, model: { module, argument: faults } });
  open.push(engine);
  return engine;
}

test.each(["thread", "process"] as const)(
  "a model that never loads is given up, in a %s",
  async (isolation) => {
    const never = join(folder, "never.mjs");
    writeFileSync(never, "export default () => new Promise(() => {});");
    const stop = new AbortController();
    const spawning = Engine.spawn({ model: { module: never }, isolation, sessions: 2, signal: stop.signal });
    setTimeout(100).then(() => stop.abort());
    await expect(spawning).rejects.toMatchObject({
      code: "ABORTED",
      message: expect.stringMatching(/^loading the model was aborted/),
    });
    const late = Engine.spawn({ model: { module: never }, isolation, signal: stop.signal });
    await expect(late).rejects.toMatchObject({ code: "ABORTED" });
  },
);

test("a signal of a model that has loaded does nothing more", async () => {
  const stop = new AbortController();
  const engine = await spawn({}, { signal: stop.signal });
  stop.abort();
  expect((await engine.sample({ steps: 2 })).nfe).toBe(2);
});

const tooLong = { code: "WORKER_FAILED", message: "a model call has taken longer than 0.5 s" };

test.each([
  ["holds its thread", () => ({ blockedBy })],
  ["is a promise that never resolves", () => ({ hangs: true })],
])(
  "a process is replaced when a call %s",
  async (_, faults) => {
    writeFileSync(blockedBy, "");
    const engine = await spawn(faults(), { isolation: "process", callTimeout: 0.5 });
    const [first] = engine.pids;
    await expect(engine.sample({ steps: 2 })).rejects.toMatchObject(tooLong);
    await expect.poll(() => engine.isReady && engine.pids[0] !== first, { timeout: 30_000 }).toBe(true);
    expect(engine.stats().workers).toEqual({ up: 1, died: 0, hung: 1 });
    expect(engine.stats().finished).toMatchObject({ failed: 1, resolved: 0 });
  },
  60_000,
);

test.runIf(process.platform !== "win32")(
  "a process that somebody stopped is replaced",
  async () => {
    const model = fileURLToPath(new URL("../../models/digits", import.meta.url));
    const engine = await Engine.spawn({ model, isolation: "process", callTimeout: 1, retries: 1 });
    open.push(engine);
    const [first] = engine.pids;
    process.kill(first!, "SIGSTOP");
    expect((await engine.sample({ labels: [3], steps: 2 })).shape).toEqual([1, 1, 28, 28]);
    expect(engine.pids[0]).not.toBe(first);
    expect(engine.stats().workers).toEqual({ up: 1, died: 0, hung: 1 });
  },
  60_000,
);

test("what waited, and what may be run again, is drawn by the next process", async () => {
  writeFileSync(blockedBy, "");
  const engine = await spawn(
    { blockedBy },
    { isolation: "process", callTimeout: 0.5, maxBatch: 1, retries: 1 },
  );
  const draws = Array.from({ length: 5 }, (_, seed) => engine.sample({ steps: 2, seed }));
  await expect.poll(() => engine.stats().workers?.hung, { timeout: 30_000 }).toBe(1);
  rmSync(blockedBy);
  for (const [seed, { data }] of (await Promise.all(draws)).entries())
    expect(data).toEqual((await sample(mixture(), { steps: 2, seed })).data);
}, 60_000);

test("a request that was given up before still lets its process be replaced", async () => {
  const engine = await spawn({ hangs: true }, { isolation: "process", callTimeout: 0.5 });
  const late = engine.sample({ steps: 2 }, { deadline: Date.now() + 50 });
  await expect(late).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  await expect.poll(() => engine.stats().workers?.hung, { timeout: 30_000 }).toBe(1);
}, 60_000);

test("a thread takes no requests until its call is back", async () => {
  const engine = await spawn({ blockedBy }, { callTimeout: 0.5 });
  writeFileSync(blockedBy, "");
  await expect(engine.sample({ steps: 2 })).rejects.toMatchObject(tooLong);
  expect(engine.isReady).toBe(false);
  expect(engine.stats().workers).toEqual({ up: 0, died: 0, hung: 1 });
  await expect(engine.sample({ steps: 2 })).rejects.toMatchObject({
    code: "WORKER_FAILED",
    message: "the workers die again and again, or hang in model calls",
  });
  rmSync(blockedBy);
  await expect.poll(() => engine.isReady, { timeout: 30_000 }).toBe(true);
  expect((await engine.sample({ steps: 2 })).data).toEqual((await sample(mixture(), { steps: 2 })).data);
  expect(engine.stats().active).toEqual({ requests: 0, rows: 0 });
}, 60_000);

test("close does not wait for a thread that hangs", async () => {
  const engine = await spawn({ hangs: true }, { callTimeout: 0.5 });
  const draw = expect(engine.sample({ steps: 2 })).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
  await engine.close({ drain: false });
  await draw;
  const other = await spawn({ hangs: true }, { callTimeout: 0.5 });
  await expect(other.sample({ steps: 2 })).rejects.toMatchObject(tooLong);
  await other.close();
}, 60_000);

test("many calls that are each short enough, and readers that pause, are no hanging", async () => {
  const engine = await spawn({ busyMilliseconds: 50 }, { callTimeout: 1.5 });
  const steps = engine.stream({ steps: 60 });
  await steps.next();
  await setTimeout(2500);
  for await (const { index } of steps) expect(index).toBeGreaterThan(0);
  expect(engine.stats().workers).toEqual({ up: 1, died: 0, hung: 0 });
}, 60_000);

test("a host that stands still does not take its worker for one that hangs", async () => {
  const engine = await spawn({ busyMilliseconds: 20 }, { callTimeout: 0.5 });
  const draw = engine.sample({ steps: 60 });
  await setTimeout(100);
  for (const end = performance.now() + 1000; performance.now() < end; );
  expect((await draw).nfe).toBe(60);
}, 60_000);
