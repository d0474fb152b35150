import { spawnSync } from "node:child_process";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import {
  Engine,
  findSolver,
  QuenchError,
  type SpawnedEngine,
  type SpawnOptions,
  sample,
} from "../../dist/index.js";
import { mixture } from "../fixtures/denoisers/faulty.mjs";

const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
const open: SpawnedEngine[] = [];

async function spawn(
  faults: Record<string, unknown> = {},
  options: Omit<SpawnOptions, "model"> = {},
): Promise<SpawnedEngine> {
  const engine = await Engine.spawn({ ...options, model: { module, argument: faults } });
  open.push(engine);
  return engine;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close({ drain: false })));
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "resolved",
    (error: unknown) => (error instanceof QuenchError ? error.code : `not a QuenchError: ${String(error)}`),
  );
}

function tally(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

const mixed = Array.from({ length: 24 }, (_, seed) => ({
  seed,
  count: 1 + (seed % 4),
  steps: 2 + (seed % 5),
  solver: ["ddim", "dpm-solver++-2m", "evodiff", "edm-heun"][seed % 4]!,
}));

describe("results", () => {
  for (const [isolation, sessions] of [
    ["thread", 2],
    ["process", 1],
  ] as const) {
    test(`are those of sample() alone, in ${sessions} × ${isolation}`, async () => {
      const engine = await spawn({}, { isolation, sessions, maxBatch: 8 });
      const together = await Promise.all(mixed.map((request) => engine.sample(request)));
      for (const [i, request] of mixed.entries()) {
        expect(together[i]!.data).toEqual((await sample(mixture(), request)).data);
      }
      await engine.close();
      const { active, finished, modelCalls, vectorBytes, peakVectorBytes } = engine.stats();
      expect(active).toEqual({ requests: 0, rows: 0 });
      expect(finished).toEqual({ resolved: mixed.length, failed: 0, cancelled: 0, refused: 0 });
      expect(modelCalls).toBeGreaterThan(0);
      expect([vectorBytes, peakVectorBytes > 0]).toEqual([0, true]);
    });
  }

  test("bad requests are refused before they reach a worker, each naming its option", async () => {
    const engine = await spawn({}, { queueLimit: 100 });
    expect(await codeOf(engine.sample({ solver: "evodif" }))).toBe("UNKNOWN_NAME");
    expect(await codeOf(engine.sample({ steps: 0 }))).toBe("INVALID_ARGUMENT");
    expect(await codeOf(engine.sample({ count: 101 }))).toBe("INVALID_ARGUMENT");
    expect(await codeOf(engine.sample({ onStep: () => {} }))).toBe("INVALID_ARGUMENT");
    const own = findSolver("ddim");
    await expect(engine.sample({ solver: own })).rejects.toMatchObject({
      where: "solver",
      message: expect.stringContaining("is code"),
    });
    await expect(engine.sample({ solver: { definition: own } })).rejects.toMatchObject({ where: "solver" });
    expect(await codeOf(engine.sample({ initial: [Symbol("x")] as never }))).toBe("INVALID_ARGUMENT");
    await expect(engine.sample({ labels: 3 })).rejects.toMatchObject({ where: "labels" });
    const streamed = (options: unknown) => engine.stream({}, options as never).next();
    for (const options of [null, 5, []])
      await expect(streamed(options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where: "options" });
    await expect(streamed({ frames: "y" })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "frames",
    });
    await expect(streamed({ frame: "x" })).rejects.toMatchObject({ code: "UNKNOWN_NAME" });
    // What only the model's own worker can tell is as much the request's fault.
    const { refused } = engine.stats().finished;
    expect(await codeOf(engine.sample({ labels: 3 }))).toBe("INVALID_ARGUMENT");
    expect(await codeOf(engine.sample({ guidance: 1e300 }))).toBe("INVALID_ARGUMENT");
    expect(engine.stats().finished).toMatchObject({ failed: 0, refused: refused + 2 });
    await expect(engine.close(null as never)).rejects.toMatchObject({ where: "options" });
    expect((await engine.sample({ steps: 2 })).nfe).toBe(2);
  });

  test("a model that cannot be loaded rejects spawn with its own error", async () => {
    expect(await codeOf(Engine.spawn({ model: "no/such/model" }))).toBe("INVALID_MODEL");
    expect(await codeOf(Engine.spawn({ model: { module, export: "absent" } }))).toBe("INVALID_MODEL");
  });
});

describe("streams", () => {
  test("a slow reader sees every step while others run in its stead", async () => {
    const engine = await spawn({}, { maxBatch: 1 });
    const steps = engine.stream({ steps: 6, seed: 1 }, { frames: "both" });
    const first = await steps.next();
    // The stream holds the only row of a batch; the worker must not wait for its reader.
    for (let seed = 0; seed < 5; seed++) await engine.sample({ steps: 3, seed });
    const seen = [0];
    expect(first.value).toMatchObject({ index: 0, steps: 6 });
    let result = await steps.next();
    for (; !result.done; result = await steps.next()) {
      seen.push(result.value.index);
      expect(result.value.x).toHaveLength(8);
      expect(result.value.prediction).toHaveLength(8);
      expect(result.value.prediction).not.toEqual(result.value.x);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    expect(result.value.data).toEqual((await sample(mixture(), { steps: 6, seed: 1 })).data);
  });

  test("leaving early cancels the request", async () => {
    const engine = await spawn();
    for await (const { index } of engine.stream({ steps: 10_000 })) if (index === 2) break;
    await engine.close();
    expect(engine.stats().finished).toMatchObject({ resolved: 0, cancelled: 1 });
  });

  test("a progress callback that throws rejects its own request only", async () => {
    const engine = await spawn();
    const bad = engine.sample(
      { steps: 50 },
      {
        onProgress: () => {
          throw new Error("mine");
        },
      },
    );
    const good = engine.sample({ steps: 50 });
    await expect(bad).rejects.toThrow("mine");
    expect((await good).nfe).toBe(50);
  });
});

describe("cancellation and bounds", () => {
  test("signals and deadlines end requests, waiting or running, and free their rows", async () => {
    const engine = await spawn({ busyMilliseconds: 2 }, { maxBatch: 1 });
    const control = new AbortController();
    const running = codeOf(engine.sample({ steps: 10_000 }, { signal: control.signal }));
    const waiting = codeOf(engine.sample({ steps: 10_000 }, { deadline: Date.now() + 30 }));
    const aborted = codeOf(engine.sample({ steps: 10_000 }, { signal: AbortSignal.abort() }));
    setTimeout(() => control.abort(), 60);
    expect(await Promise.all([running, waiting, aborted])).toEqual([
      "ABORTED",
      "DEADLINE_EXCEEDED",
      "ABORTED",
    ]);
    expect((await engine.sample({ steps: 2 })).nfe).toBe(2);
    expect(engine.stats().active).toEqual({ requests: 0, rows: 0 });
  });

  test("a process whose model call never ends is stopped when nobody waits for it any more", async () => {
    const engine = await spawn({ hangs: true }, { isolation: "process" });
    const late = codeOf(engine.sample({ steps: 2 }, { deadline: Date.now() + 200 }));
    expect(await late).toBe("DEADLINE_EXCEEDED");
    await engine.close();
  }, 60_000);

  test("an urgent request passes a long one that fills the batch", async () => {
    const engine = await spawn({ busyMilliseconds: 1 }, { maxBatch: 4, queueLimit: 1000 });
    const control = new AbortController();
    const long = codeOf(engine.sample({ count: 500, steps: 1000 }, { signal: control.signal }));
    expect((await engine.sample({ steps: 3 }, { priority: 1 })).nfe).toBe(3);
    control.abort();
    expect(await long).toBe("ABORTED");
  });

  test("a full queue refuses at once", async () => {
    const engine = await spawn({ busyMilliseconds: 5 }, { maxBatch: 2, queueLimit: 6 });
    const codes = await Promise.all(
      Array.from({ length: 5 }, () => codeOf(engine.sample({ count: 2, steps: 2 }))),
    );
    expect(tally(codes)).toEqual({ resolved: 3, ENGINE_SATURATED: 2 });
  });

  test("close cancels what runs and waits, twice over, and a model that lingers does not hold it up", async () => {
    const engine = await spawn({ busyMilliseconds: 2, lingering: true }, { maxBatch: 2 });
    const codes = Array.from({ length: 6 }, () => codeOf(engine.sample({ steps: 10_000 })));
    const draining = engine.close();
    expect(await codeOf(engine.sample({}))).toBe("ENGINE_CLOSED");
    await engine.close({ drain: false });
    await draining;
    expect(tally(await Promise.all(codes))).toEqual({ ENGINE_CLOSED: 6 });
  });
});

describe("faults", () => {
  test("a model that throws or returns NaN rejects what it was running, and the rest goes on", async () => {
    const engine = await spawn({ throwEvery: 7, nanEvery: 11 }, { maxBatch: 2 });
    const codes = await Promise.all(
      Array.from({ length: 40 }, (_, seed) => codeOf(engine.sample({ steps: 3, seed, count: 2 }))),
    );
    const { resolved = 0, MODEL_FAILED = 0, WORKER_FAILED = 0 } = tally(codes);
    expect(resolved + MODEL_FAILED + WORKER_FAILED).toBe(40);
    expect(resolved).toBeGreaterThan(10);
    expect(MODEL_FAILED).toBeGreaterThan(0);
  });

  test("a thread that dies is started again, and its requests are run again where asked", async () => {
    const fragile = await spawn({ uncaughtEvery: 30 }, { maxBatch: 2 });
    const codes = await Promise.all(
      Array.from({ length: 20 }, (_, seed) => codeOf(fragile.sample({ steps: 4, seed, count: 2 }))),
    );
    const { resolved = 0, WORKER_FAILED = 0 } = tally(codes);
    expect(resolved + WORKER_FAILED).toBe(20);
    expect(Math.min(resolved, WORKER_FAILED)).toBeGreaterThan(0);

    const patient = await spawn({ exitEvery: 30 }, { maxBatch: 4, retries: 5 });
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, seed) => patient.sample({ steps: 4, seed, count: 2 })),
    );
    for (const [seed, { data }] of results.entries())
      expect(data).toEqual((await sample(mixture(), { steps: 4, seed, count: 2 })).data);
  });

  test("a child that is killed rejects what it was running and is started again", async () => {
    const engine = await spawn({ busyMilliseconds: 2 }, { isolation: "process", maxBatch: 2 });
    const doomed = Array.from({ length: 2 }, () => codeOf(engine.sample({ steps: 10_000 })));
    const waiting = Array.from({ length: 6 }, (_, seed) =>
      codeOf(engine.sample({ steps: 2, seed, count: 2 })),
    );
    const [first] = engine.pids;
    process.kill(first!, "SIGKILL");
    expect(await Promise.all(doomed)).toEqual(["WORKER_FAILED", "WORKER_FAILED"]);
    // The engine sends a batch ahead of what runs; all beyond that never was in the child.
    expect(tally(await Promise.all(waiting))).toEqual({ resolved: 5, WORKER_FAILED: 1 });
    expect(engine.pids[0]).not.toBe(first);
    expect(engine.isReady).toBe(true);
  });
});

describe("the host", () => {
  test("its event loop turns while the model computes", async () => {
    const busyMilliseconds = 400;
    const engine = await spawn({ busyMilliseconds });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await engine.sample({ steps: 4 });
    delay.disable();
    // Were the model run here, the loop would stand still for a whole call.
    expect(delay.percentile(90) / 1e6).toBeLessThan(busyMilliseconds / 4);
  });

  const script = (body: string) =>
    spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `import { Engine } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
         const model = ${JSON.stringify(fileURLToPath(new URL("../../models/digits", import.meta.url)))};
         ${body}`,
      ],
      { encoding: "utf8", timeout: 120_000 },
    );

  test("ends by itself with idle engines open, after the answers it awaited", () => {
    const { status, stdout, stderr } = script(`
      const engines = await Promise.all(["thread", "process"].map((isolation) => Engine.spawn({ model, isolation })));
      for (const engine of engines) engine.sample({ steps: 2 }).then(({ nfe }) => console.log(nfe));`);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "2\n2\n", stderr: "" });
  }, 120_000);

  test("may exit or fail in the middle of model calls without aborting", () => {
    const load = `
      const engine = await Engine.spawn({ model, sessions: 2 });
      for (let i = 0; i < 20; i++) engine.sample({ count: 8, steps: 500 }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));`;
    expect(script(`${load} process.exit(5);`).status).toBe(5);
    expect(script(`${load} throw new Error("mine");`).status).toBe(1);
  }, 240_000);
});
