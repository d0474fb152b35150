import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Denoiser, functionDenoiser, gaussianMixture } from "../../lib/denoiser/index.js";
import { Engine, type SampleRequest, sample } from "../../lib/engine/index.js";
import { QuenchError } from "../../lib/errors.js";
import { edm, vpLinear } from "../../lib/process/index.js";

const shape = [2, 2, 2];
const size = 8;

function mixture(): Denoiser {
  const means = [0, 1, 2].map((k) => Array.from({ length: size }, (_, i) => Math.sin(3 * k + i)));
  return gaussianMixture({
    weights: [0.2, 0.3, 0.5],
    means,
    stds: [0.2, 0.3, 0.25],
    shape,
    process: vpLinear(),
  });
}

const requests = fc.record({
  solver: fc.constantFrom<SampleRequest["solver"]>("ddim", "dpm-solver++-2m", "evodiff", "edm-heun", {
    name: "ddim",
    eta: 1,
  }),
  steps: fc.integer({ min: 2, max: 6 }),
  count: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  dtype: fc.constantFrom("float32" as const, "float64" as const),
  priority: fc.integer({ min: 0, max: 2 }),
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof QuenchError ? error.code : `not a QuenchError: ${String(error)}`;
}

test("one signal may go with any number of requests, and is let go of with them", async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => void warnings.push(warning);
  process.on("warning", warned);
  const { signal } = new AbortController();
  const control = new AbortController();
  const engine = new Engine(mixture(), { maxBatch: 8 });
  const drawn = Array.from({ length: 30 }, (_, seed) => engine.sample({ steps: 2, seed, signal }));
  const stopped = Array.from({ length: 30 }, () =>
    codeOf(engine.sample({ steps: 100_000 }, { signal: control.signal })),
  );
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await Promise.all(drawn);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  control.abort();
  expect(new Set(await Promise.all(stopped))).toEqual(new Set(["ABORTED"]));
  expect((await engine.sample({ steps: 2, signal })).nfe).toBe(2);
  expect(await codeOf(engine.sample({}, { signal: control.signal }))).toBe("ABORTED");
  await engine.close();
  expect(engine.stats().finished).toEqual({ resolved: 31, failed: 0, cancelled: 31, refused: 0 });
  process.off("warning", warned);
  expect(warnings).toEqual([]);
});

describe("batching", () => {
  test("a request has the bits it has alone, whatever else runs and however it is split", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(requests, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 12 }),
        async (asked, maxBatch) => {
          const engine = new Engine(mixture(), { maxBatch });
          const together = await Promise.all(asked.map((request) => engine.sample(request)));
          for (const [i, request] of asked.entries()) {
            const alone = await sample(mixture(), request);
            expect(together[i]!.data).toEqual(alone.data);
            expect(together[i]!.nfe).toBe(alone.nfe);
          }
          expect(engine.stats().active).toEqual({ requests: 0, rows: 0 });
          await engine.close();
        },
      ),
      { seed: 20261121, numRuns: 30 },
    );
  });

  test("no call is larger than maxBatch, and calls are full while enough is asked", async () => {
    const calls: number[] = [];
    const engine = new Engine(mixture(), { maxBatch: 8, onTick: ({ rows }) => calls.push(rows) });
    await Promise.all(
      Array.from({ length: 24 }, (_, seed) => engine.sample({ count: 2, steps: 5, seed, solver: "ddim" })),
    );
    expect(calls.reduce((a, b) => a + b, 0)).toBe(24 * 2 * 5);
    expect(Math.max(...calls)).toBe(8);
    expect(engine.stats().batchFill).toBeGreaterThan(0.95);
  });

  test("higher priority begins first, even past what runs, then the order of arrival", async () => {
    const engine = new Engine(mixture(), { maxBatch: 1 });
    const finished: string[] = [];
    const ask = (name: string, priority: number) =>
      engine.sample({ steps: 2 }, { priority }).then(() => finished.push(name));
    await Promise.all([ask("first", 0), ask("second", 0), ask("urgent", 5), ask("third", 0)]);
    expect(finished).toEqual(["urgent", "first", "second", "third"]);
  });

  test("progress is reported for the last step at least", async () => {
    const engine = new Engine(mixture());
    const seen: number[] = [];
    await engine.sample({ steps: 4 }, { onProgress: ({ step }) => seen.push(step) });
    expect(seen.at(-1)).toBe(4);
  });
});

describe("bounds", () => {
  test("a full queue refuses at once, with a hint, and takes requests again later", async () => {
    const engine = new Engine(mixture(), { maxBatch: 4, queueLimit: 10 });
    const accepted = [engine.sample({ count: 6, steps: 3 }), engine.sample({ count: 4, steps: 3 })];
    await expect(engine.sample({ count: 1, steps: 3 })).rejects.toMatchObject({
      code: "ENGINE_SATURATED",
      retryAfter: 1,
    });
    await Promise.all(accepted);
    await engine.sample({ count: 10, steps: 3 });
  });

  test("vectors held never exceed rows × row bytes × (vectors of the solver + the state)", async () => {
    const maxBatch = 8;
    const engine = new Engine(mixture(), { maxBatch });
    await Promise.all(
      Array.from({ length: 40 }, (_, seed) => engine.sample({ count: 4, steps: 6, seed, solver: "evodiff" })),
    );
    const held = 3 + 1; // evodiff's vectors and the state
    const splitRows = 4; // a request spread over two calls keeps what the first one emitted
    const bytes = (rows: number) => rows * size * 4;
    expect(engine.stats().peakVectorBytes).toBeLessThanOrEqual(bytes(maxBatch) * held + bytes(splitRows));
    expect(engine.stats().vectorBytes).toBe(0);
  });
});

describe("cancellation", () => {
  test("an aborted request frees its rows and leaves the others' bits alone", async () => {
    const engine = new Engine(mixture(), { maxBatch: 4 });
    const control = new AbortController();
    const doomed = engine.sample({ count: 3, steps: 500, seed: 1 }, { signal: control.signal });
    const other = engine.sample({ count: 2, steps: 20, seed: 2 });
    setTimeout(() => control.abort(), 5);
    expect(await codeOf(doomed)).toBe("ABORTED");
    expect((await other).data).toEqual((await sample(mixture(), { count: 2, steps: 20, seed: 2 })).data);
    expect(engine.stats()).toMatchObject({
      active: { requests: 0, rows: 0 },
      finished: { resolved: 1, failed: 0, cancelled: 1, refused: 0 },
    });
  });

  test("a request that waits is cancelled and expires in the queue", async () => {
    const engine = new Engine(mixture(), { maxBatch: 1 });
    const running = engine.sample({ steps: 200 });
    const control = new AbortController();
    const waiting = codeOf(engine.sample({ steps: 2 }, { signal: control.signal }));
    const late = codeOf(engine.sample({ steps: 2 }, { deadline: Date.now() + 2 }));
    const past = codeOf(engine.sample({ steps: 2 }, { deadline: Date.now() - 1 }));
    control.abort();
    expect(await waiting).toBe("ABORTED");
    expect(await past).toBe("DEADLINE_EXCEEDED");
    expect(await late).toBe("DEADLINE_EXCEEDED");
    await running;
  });

  test("leaving a stream early cancels its request", async () => {
    const engine = new Engine(mixture());
    let steps = 0;
    for await (const report of engine.stream({ steps: 50 })) {
      expect(report.x()).toHaveLength(size);
      if (++steps === 3) break;
    }
    expect(engine.stats().active.requests).toBe(0);
    expect(engine.stats().vectorBytes).toBe(0);
    await engine.close();
  });

  test("close drains what runs, or cancels it, and refuses what comes after", async () => {
    const draining = new Engine(mixture(), { maxBatch: 1 });
    const [a, b] = [draining.sample({ steps: 5 }), draining.sample({ steps: 5 })];
    await draining.close();
    expect((await a).nfe + (await b).nfe).toBe(10);
    expect(await codeOf(draining.sample({}))).toBe("ENGINE_CLOSED");

    const stopping = new Engine(mixture(), { maxBatch: 1 });
    const codes = [1, 2, 3].map(() => codeOf(stopping.sample({ steps: 1000 })));
    await stopping.close({ drain: false });
    expect(await Promise.all(codes)).toEqual(["ENGINE_CLOSED", "ENGINE_CLOSED", "ENGINE_CLOSED"]);
  });
});

describe("faults", () => {
  test("NaN rejects only the request whose sample has it, naming evaluation and sample", async () => {
    let poisoned = 0;
    const denoiser = functionDenoiser({
      process: edm(),
      prediction: "sample",
      shape,
      dtype: "float32",
      evaluate: async ({ rows, input, output }) => {
        for (let row = 0; row < rows; row++) {
          const mine = input.subarray(row * size, (row + 1) * size);
          output.set(
            mine.map((value) => value / 2),
            row * size,
          );
          // The state of seed 13's second sample is recognised by its own first number.
          if (Math.abs(mine[0]! - mark) < 1e-12 * Math.abs(mark)) {
            output[row * size] = Number.NaN;
            poisoned++;
          }
        }
      },
    });
    let mark = 0;
    const probe = await firstState(denoiser);
    mark = probe[size]!;
    const engine = new Engine(denoiser, { maxBatch: 64 });
    const bad = engine.sample({ count: 2, seed: 13, steps: 4 });
    const good = engine.sample({ count: 2, seed: 14, steps: 4 });
    await expect(bad).rejects.toMatchObject({
      code: "MODEL_FAILED",
      message: expect.stringMatching(/evaluation 1.*NaN.*sample 1/),
    });
    expect((await good).nfe).toBe(4);
    expect(poisoned).toBe(1);
  });

  test("a model that throws rejects what was in the call and nothing later", async () => {
    let calls = 0;
    const engine = new Engine(
      functionDenoiser({
        process: edm(),
        prediction: "sample",
        shape,
        evaluate: async ({ output }) => {
          if (++calls === 2) throw new Error("out of order");
          output.fill(0.5);
        },
      }),
    );
    await expect(engine.sample({ steps: 3 })).rejects.toThrow("out of order");
    expect((await engine.sample({ steps: 3 })).nfe).toBe(3);
    expect(engine.stats().finished).toEqual({ resolved: 1, failed: 1, cancelled: 0, refused: 0 });
  });
});

/** The state that seed 13's two samples begin with. */
async function firstState(denoiser: Denoiser): Promise<Float32Array> {
  const quiet: Denoiser = {
    ...denoiser,
    evaluate: async ({ input, output }) => {
      seen ??= input.slice() as Float32Array;
      output.fill(0);
    },
  };
  let seen: Float32Array | undefined;
  await sample(quiet, { count: 2, seed: 13, steps: 4 });
  return seen!;
}
