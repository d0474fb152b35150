import { setImmediate } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import type { CudaBinding } from "../../lib/device/cuda-binding.js";
import { CudaBackend, openCuda } from "../../lib/device/index.js";
import { Evaluator, resolveRequest, runRequest, VectorPool } from "../../lib/engine/index.js";
import { type Denoiser, functionDenoiser, type SampleRequest, sample, vpLinear } from "../../lib/index.js";
import { buildEmulation, hasCmake, onCard, testedAddon } from "./emulation.js";

const size = 12;

interface Told {
  readonly fails?: (call: number) => boolean;
  readonly onCall?: (call: number) => void;
  /** Where the calls read and wrote. */
  readonly places?: [input: ArrayBufferLike, output: ArrayBufferLike][];
}

/** A model that takes its time, and says when it begins and ends. */
function slowModel(log: string[], { fails, onCall, places }: Told = {}): Denoiser {
  let calls = 0;
  return functionDenoiser({
    process: vpLinear(),
    prediction: "v",
    shape: [3, 2, 2],
    classes: ["a", "b"],
    nullClass: 2,
    batchInvariant: true,
    async evaluate({ rows, input, output, levels, labels }) {
      const call = calls++;
      log.push(`model begins ${rows}`);
      onCall?.(call);
      places?.push([input.buffer, output.buffer]);
      await setImmediate();
      if (fails?.(call)) throw new Error("no power");
      for (let i = 0; i < rows * size; i++) {
        const row = Math.floor(i / size);
        output[i] = Math.tanh(input[i]! * 0.7 + labels![row]! * 0.1) - levels[row]!.t;
      }
      log.push("model ends");
    },
  });
}

/** The calls by which rows cross, in order. */
function traced(binding: CudaBinding, log: string[]): CudaBinding {
  const logged = <Given extends unknown[], Result>(name: string, call: (...given: Given) => Result) => {
    return (...given: Given): Result => {
      log.push(name);
      return call(...given);
    };
  };
  return {
    ...binding,
    gather: logged("gather", binding.gather),
    download: logged("download", binding.download),
    settle: logged("settle", binding.settle),
    upload: logged("upload", binding.upload),
    scatter: logged("scatter", binding.scatter),
  };
}

describe.skipIf(!hasCmake)(`transfers and model calls, ${onCard ? "on the card" : "emulated"}`, () => {
  beforeAll(async () => {
    await buildEmulation();
  }, 300_000);

  const log: string[] = [];
  const draw = async (denoiser: Denoiser, request: SampleRequest, maxBatch?: number) => {
    const pool = new VectorPool();
    const backend = new CudaBackend(traced(openCuda(testedAddon).binding, log));
    const evaluator = new Evaluator(denoiser, pool, maxBatch === undefined ? {} : { maxBatch });
    const resolved = { ...resolveRequest(denoiser, request), backend };
    log.length = 0;
    try {
      return await runRequest(evaluator, resolved);
    } finally {
      pool.clear();
    }
  };

  it("the next full call is gathered, and the last one handed out, while one runs", async () => {
    const places: [ArrayBufferLike, ArrayBufferLike][] = [];
    const found = await draw(slowModel(log, { places }), { solver: "ddim", steps: 1, count: 14 }, 4);
    const out = ["gather", "download"];
    const back = ["upload", "scatter"];
    const model = (rows: number, ...meanwhile: string[]) => [
      "settle",
      `model begins ${rows}`,
      ...meanwhile,
      "model ends",
    ];
    // 14 rows by 4: the last call is not full, and waits to see who else asks.
    expect(log).toEqual([
      ...out,
      ...model(4, ...out),
      ...model(4, ...out, ...back),
      ...model(4, ...back),
      ...back,
      ...out,
      ...model(2),
      ...back,
      // The samples themselves.
      "download",
      "settle",
    ]);
    expect(found.data).toEqual((await sample(slowModel([]), { solver: "ddim", steps: 1, count: 14 })).data);
    // Nobody writes where a running call reads, or reads where it writes.
    const [[firstInput, firstOutput], [secondInput, secondOutput]] = [places[0]!, places[1]!];
    expect(new Set([firstInput, firstOutput, secondInput, secondOutput]).size).toBe(4);
  });

  it("one launch gathers all rows of a call, and one scatters them, whatever they are of", async () => {
    const requests: SampleRequest[] = [
      { solver: "ddim", steps: 3, count: 3, seed: 1 },
      { solver: "euler", steps: 3, count: 2, seed: 2 },
      { solver: "evodiff", steps: 3, count: 5, seed: 3 },
    ];
    const pool = new VectorPool();
    const denoiser = slowModel(log);
    const backend = new CudaBackend(traced(openCuda(testedAddon).binding, log));
    const evaluator = new Evaluator(denoiser, pool);
    log.length = 0;
    const together = await Promise.all(
      requests.map((request) => runRequest(evaluator, { ...resolveRequest(denoiser, request), backend })),
    );
    pool.clear();
    const count = (name: string) => log.filter((entry) => entry === name).length;
    expect(count("model begins 10")).toBe(3);
    for (const name of ["gather", "upload", "scatter"]) expect(count(name)).toBe(3);
    // Three more for the samples.
    expect(count("download")).toBe(3 + 3);
    for (const [i, request] of requests.entries()) {
      expect(together[i]!.data).toEqual((await sample(slowModel([]), request)).data);
    }
  });

  const guided = { solver: "dpm-solver++-2m", guidance: 2, labels: 1 } as const;
  it.each([
    ["several steps", { solver: "ddim", steps: 5, count: 23 }, 5],
    ["guidance, in halves that calls cut anywhere", { ...guided, steps: 4, count: 9 }, 7],
    ["float64", { solver: "evodiff", steps: 4, count: 17, dtype: "float64" }, 4],
  ] as const)("%s give the CPU's bits", async (_, request, maxBatch) => {
    const found = await draw(slowModel(log), request, maxBatch);
    expect(found.data).toEqual((await sample(slowModel([]), request)).data);
    expect(log.indexOf("scatter")).toBeLessThan(log.lastIndexOf("gather"));
  });

  it("an urgent request of the host does not write where the card still reads", async () => {
    const hosts: SampleRequest = { solver: "ddim", steps: 3, count: 3, seed: 2 };
    const cards: SampleRequest = { solver: "dpm-solver++-2m", steps: 3, count: 5, seed: 1 };
    let urgent: ReturnType<typeof runRequest> | undefined;
    const denoiser = slowModel(log, {
      onCall: (call) => {
        if (call === 0) urgent = runRequest(evaluator, resolveRequest(denoiser, { ...hosts, priority: 1 }));
      },
    });
    const pool = new VectorPool();
    const backend = new CudaBackend(openCuda(testedAddon).binding);
    const evaluator = new Evaluator(denoiser, pool, { maxBatch: 3 });
    const found = await runRequest(evaluator, { ...resolveRequest(denoiser, cards), backend });
    expect(found.data).toEqual((await sample(slowModel([]), cards)).data);
    expect((await urgent!).data).toEqual((await sample(slowModel([]), hosts)).data);
    pool.clear();
  });

  it("a call that fails ends its request only, gathered ahead or not", async () => {
    for (const failing of [0, 1, 2]) {
      const denoiser = slowModel(log, { fails: (call) => call === failing });
      const pool = new VectorPool();
      const backend = new CudaBackend(openCuda(testedAddon).binding);
      const evaluator = new Evaluator(denoiser, pool, { maxBatch: 4 });
      const run = (request: SampleRequest) =>
        runRequest(evaluator, { ...resolveRequest(denoiser, request), backend });
      const settled = await Promise.allSettled([
        run({ solver: "ddim", steps: 2, count: 4, seed: 1 }),
        run({ solver: "ddim", steps: 2, count: 4, seed: 2 }),
        run({ solver: "ddim", steps: 2, count: 4, seed: 3 }),
      ]);
      expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(1);
      expect(pool.statistics.usedBytes).toBe(0);
      pool.clear();
    }
  });

  it("an aborted request frees its place, also of rows that were gathered ahead", async () => {
    const stop = new AbortController();
    const denoiser = slowModel(log);
    const pool = new VectorPool();
    const backend = new CudaBackend(openCuda(testedAddon).binding);
    const evaluator = new Evaluator(denoiser, pool, { maxBatch: 4, onTick: () => stop.abort() });
    const run = (request: SampleRequest) =>
      runRequest(evaluator, { ...resolveRequest(denoiser, request), backend });
    const [kept, left] = await Promise.allSettled([
      run({ solver: "ddim", steps: 6, count: 4, seed: 1 }),
      run({ solver: "ddim", steps: 6, count: 12, seed: 2, signal: stop.signal }),
    ]);
    expect(left).toMatchObject({ status: "rejected", reason: { code: "ABORTED" } });
    expect(kept.status).toBe("fulfilled");
    expect(pool.statistics.usedBytes).toBe(0);
    pool.clear();
  });
});
