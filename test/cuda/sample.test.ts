import { beforeAll, describe, expect, it } from "vitest";
import { backendFor, CudaBackend, hostBackend } from "../../lib/device/index.js";
import { Evaluator, resolveRequest, runRequest, VectorPool } from "../../lib/engine/index.js";
import {
  type Denoiser,
  Engine,
  edm,
  functionDenoiser,
  gaussianMixture,
  QuenchError,
  recordedNoise,
  type SampleRequest,
  sample,
  sampleSteps,
  solvers,
  vpLinear,
} from "../../lib/index.js";
import { buildEmulation, emulatedCard, hasCmake, onCard, testedAddon } from "./emulation.js";

const size = 12;
const wave = (k: number) => Array.from({ length: size }, (_, i) => Math.sin(3 * k + i));

function mixture(options: Partial<Parameters<typeof gaussianMixture>[0]> = {}): Denoiser {
  return gaussianMixture({
    weights: [0.2, 0.3, 0.5],
    means: [wave(0), wave(1), wave(2)],
    stds: [0.2, 0.3, 0.25],
    shape: [3, 2, 2],
    process: vpLinear(),
    ...options,
  });
}

/** Three classes and none, so that guidance has something to do; a float32 model whatever the request's dtype. */
const conditional = functionDenoiser({
  process: vpLinear(),
  prediction: "v",
  shape: [3, 2, 2],
  dtype: "float32",
  classes: ["a", "b", "c"],
  nullClass: 3,
  batchInvariant: true,
  evaluate({ rows, input, output, levels, labels }) {
    for (let i = 0; i < rows * size; i++) {
      const row = Math.floor(i / size);
      output[i] = Math.tanh(input[i]! * 0.7 + labels![row]! * 0.1) - levels[row]!.t;
    }
  },
});

async function sameBits(denoiser: Denoiser, request: SampleRequest): Promise<void> {
  const onHost = await sample(denoiser, request);
  const onCard = await sample(denoiser, { ...request, device: "cuda" });
  expect(onCard.data.some((value) => value !== 0)).toBe(true);
  expect(onCard.data).toEqual(onHost.data);
  expect(onCard.nfe).toBe(onHost.nfe);
}

describe.skipIf(!hasCmake)(`device: "cuda", ${onCard ? "on the card" : "emulated"}`, () => {
  beforeAll(async () => {
    await buildEmulation();
    process.env.QUENCH_CUDA_ADDON = testedAddon;
  }, 300_000);

  // Solvers that cannot run without measured statistics have their own line below.
  const runnable = [...solvers.values()].filter(({ options }) => options.safeParse({}).success);
  it.each(runnable.map(({ name }) => name))("%s gives the CPU's bits", async (name) => {
    for (const dtype of ["float32", "float64"] as const) {
      await sameBits(mixture(), { solver: name, steps: 7, count: 3, seed: 5, dtype });
    }
  });

  it("coefficients per element: DPM-Solver-v3", async () => {
    const nodes = 9;
    const table = (f: (i: number) => number) => Float64Array.from({ length: nodes * size }, (_, i) => f(i));
    const statistics = {
      nodes,
      l: table((i) => 1 + 0.01 * Math.sin(i)),
      s: table((i) => 0.02 * Math.cos(i)),
      b: table((i) => 0.03 * Math.sin(2 * i)),
    };
    for (const corrector of ["none", "pseudo", "reduced-entropy"]) {
      const solver = { name: "dpm-solver-v3", order: 2, corrector, statistics };
      await sameBits(mixture(), { solver, steps: 6, count: 3 });
    }
  });

  it.each<[string, SampleRequest]>([
    ["fixed clamp", { thresholding: { type: "clamp", range: [-0.5, 0.5] } }],
    ["dynamic thresholding", { thresholding: { type: "dynamic", quantile: 0.7, floor: 0.3 } }],
    [
      "a noise solver, thresholded",
      { solver: "dpm-solver-2s", thresholding: { type: "dynamic", floor: 0.3 } },
    ],
    ["guidance", { guidance: 2.5, labels: [0, 1, 2] }],
    ["guidance in float64 over a float32 model", { guidance: 1.5, labels: [2, 1, 0], dtype: "float64" }],
    ["PyTorch's noise", { rng: "torch-cpu", solver: { name: "ddim", eta: 1 } }],
    ["denoising to zero", { denoiseToZero: true }],
    ["a given beginning", { initial: Float64Array.from({ length: 3 * size }, (_, i) => Math.cos(i)) }],
    [
      "recorded noise",
      {
        solver: { name: "ddim", eta: 1 },
        initial: Float32Array.from({ length: 3 * size }, (_, i) => Math.cos(i)),
        noise: recordedNoise(
          Array.from({ length: 9 }, (_, k) => Array.from({ length: 3 * size }, (_, i) => Math.sin(k + i))),
        ),
      },
    ],
  ])("%s", async (_, request) => {
    await sameBits(conditional, { steps: 6, count: 3, ...request });
  });

  it("models that scale their input, and steps that are observed", async () => {
    const denoiser = functionDenoiser({
      process: edm(),
      prediction: "edm-raw",
      shape: [3, 2, 2],
      evaluate: ({ input, output }) => void output.set(input.map((value) => Math.tanh(0.5 * value))),
    });
    const request = { solver: "evodiff", steps: 5, count: 2 } as const;
    await sameBits(denoiser, request);
    const observe = async (device: "cpu" | "cuda") => {
      const seen: unknown[] = [];
      for await (const step of sampleSteps(denoiser, { ...request, device })) {
        seen.push(step.x(), step.prediction(), step.diagnostics);
      }
      return seen;
    };
    expect(await observe("cuda")).toEqual(await observe("cpu"));
  });

  it("an engine gathers requests of both devices into the same calls", async () => {
    const requests: SampleRequest[] = [
      { solver: "evodiff", count: 5, seed: 1, device: "cuda" },
      { solver: "dpm-solver++-2m", count: 3, seed: 2, device: "cpu" },
      { solver: { name: "ddim", eta: 1 }, count: 4, seed: 3, device: "cuda", dtype: "float64" },
      { solver: "dpm-solver-12", count: 2, seed: 4, device: "cuda" },
    ];
    for (const maxBatch of [3, 64]) {
      const devices: number[] = [];
      const engine = new Engine(mixture(), { maxBatch, onTick: ({ rows }) => devices.push(rows) });
      const together = await Promise.all(requests.map((request) => engine.sample({ steps: 5, ...request })));
      for (const [i, request] of requests.entries()) {
        const alone = await sample(mixture(), { steps: 5, ...request, device: "cpu" });
        expect(together[i]!.data).toEqual(alone.data);
      }
      expect(Math.max(...devices)).toBeGreaterThan(2);
      await engine.close();
    }
  });

  it("counts transfers, and nothing else, as such", async () => {
    const onCard = await sample(mixture(), { steps: 4, count: 64, device: "cuda" });
    expect(onCard.timings.transfer).toBeGreaterThan(0);
    expect(onCard.timings.transfer).toBeLessThan(onCard.timings.total);
    expect((await sample(mixture(), { steps: 4 })).timings.transfer).toBe(0);
  });

  // On a card the driver keeps memory for reuse, and nobody can make it refuse.
  it.skipIf(onCard)("gives all memory back", async () => {
    const binding = emulatedCard("").binding;
    const backend = new CudaBackend(binding);
    const draw = async (count: number) => {
      const pool = new VectorPool();
      const request = resolveRequest(mixture(), {
        solver: "dpm-solver-12",
        count,
        thresholding: { type: "dynamic" },
      });
      await runRequest(new Evaluator(mixture(), pool), { ...request, backend });
      pool.clear();
      return binding.open().freeBytes;
    };
    const before = await draw(2);
    expect(await draw(50)).toBe(before);
  });

  it.skipIf(onCard)("a card that refuses is a typed error of that request, and others go on", async () => {
    const code = async (backend: CudaBackend, count: number) => {
      const pool = new VectorPool();
      const resolved = resolveRequest(mixture(), { solver: "evodiff", steps: 4, count });
      try {
        await runRequest(new Evaluator(mixture(), pool), { ...resolved, backend });
        return "resolved";
      } catch (error) {
        expect(error).toBeInstanceOf(QuenchError);
        return `${(error as QuenchError).code} ${(error as Error).message}`;
      } finally {
        pool.clear();
      }
    };
    const small = new CudaBackend(emulatedCard("memory=1200000").binding);
    expect(await code(small, 4000)).toMatch(/^CUDA_FAILED .*cudaErrorMemoryAllocation/);
    expect(await code(small, 2)).toBe("resolved");
    // Whichever launch it is that fails.
    for (const launch of [1, 2, 3, 5, 8, 13, 21]) {
      const failing = new CudaBackend(emulatedCard(`launch=${launch}`).binding);
      expect(await code(failing, 2)).toMatch(/^CUDA_FAILED .*kernel launch: cudaErrorLaunchFailure/);
      expect(await code(failing, 2)).toBe("resolved");
    }
  });

  it("is found once and kept", () => {
    expect(backendFor("cuda")).toBe(backendFor("cuda"));
    expect(backendFor("cpu")).toBe(hostBackend);
  });
});
