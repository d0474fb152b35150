import { describe, expect, it } from "vitest";
import { type Backend, hostBackend } from "../../lib/device/index.js";
import { beginRun, Evaluator, resolveRequest, runRequest, VectorPool } from "../../lib/engine/index.js";
import { Passes } from "../../lib/engine/passes.js";
import { type Denoiser, Engine, gaussianMixture, sample, solvers } from "../../lib/index.js";
import { vpLinear } from "../../lib/process/index.js";
import { randomVector } from "../native/vectors.js";

const world = {
  shape: [2, 3, 3],
  weights: [0.6, 0.4],
  means: [
    Array.from({ length: 18 }, (_, i) => Math.sin(i)),
    Array.from({ length: 18 }, (_, i) => Math.cos(i)),
  ],
  stds: [0.3, 0.2],
};
const mixture = gaussianMixture(world);

describe("combinations that wait for one another", () => {
  it("give what they give one by one, whoever looks in between", async () => {
    for (const { name, options } of solvers.values()) {
      if (!options.safeParse({}).success) continue;
      const request = { solver: name, steps: 7, count: 3, seed: 11 };
      const alone = await sample(mixture, request);
      const looked: number[] = [];
      // An observer has the state after every step, so that nothing waits beyond one.
      const observed = await sample(mixture, { ...request, onStep: ({ x }) => looked.push(x()[0]!) });
      expect(observed.data, name).toEqual(alone.data);
      expect(looked.at(-1), name).toBe(alone.data[0]);
    }
  });

  it("are in place where nobody else asks the model: its answer becomes the prediction, to the same bits", async () => {
    const options = [
      {},
      { thresholding: { type: "clamp", range: [-0.5, 0.5] } },
      { onStep: () => {} },
    ] as const;
    for (const prediction of ["sample", "epsilon", "v"] as const) {
      const model = gaussianMixture({ ...world, prediction, process: vpLinear() });
      for (const { name, ...solver } of solvers.values()) {
        if (!solver.options.safeParse({}).success || solver.perSample === true) continue;
        for (const more of options) {
          const request = resolveRequest(model, { solver: name, steps: 7, count: 3, seed: 11, ...more });
          const [apart, inPlace] = await Promise.all(
            [false, true].map((alone) =>
              runRequest(new Evaluator(model, new VectorPool(), { alone }), request).catch((error) => error),
            ),
          );
          const what = `${name}, ${prediction}, ${JSON.stringify(more)}`;
          expect([inPlace.code, inPlace.data], what).toEqual([apart.code, apart.data]);
        }
      }
    }
    const outputs = new Set<unknown>();
    const seen: Denoiser = {
      ...mixture,
      evaluate(batch) {
        outputs.add(batch.output);
        return mixture.evaluate(batch);
      },
    };
    const request = resolveRequest(seen, { solver: "dpm-solver++-2m", steps: 7 });
    for (const [alone, arrays] of [
      [false, 1],
      [true, 2],
    ] as const) {
      outputs.clear();
      await runRequest(new Evaluator(seen, new VectorPool(), { alone }), request);
      expect(outputs.size).toBe(arrays);
    }
  });

  it("need not wait: formulas that decide between them give the same at once", async () => {
    const solvers = ["evodiff", { name: "evodiff", variant: "released" }] as const;
    for (const solver of solvers) {
      const request = { solver, steps: 7, count: 3, seed: 11 };
      const resolved = resolveRequest(mixture, request);
      const run = beginRun(new Evaluator(mixture, new VectorPool()), resolved, () =>
        hostBackend.allocate("float32", 3 * 18),
      );
      for await (const _ of resolved.solver.sample(run, resolved.options));
      expect(run.x).toEqual((await sample(mixture, request)).data);
    }
  });

  it("are one pass for a step's correction and the next step's probe, in a draw that nobody watches", async () => {
    const [steps, together]: [number, number[]] = [9, []];
    const watched: Backend = {
      ...hostBackend,
      correctInTurn(correction) {
        together.push(correction.after.length);
        return hostBackend.correctInTurn(correction);
      },
    };
    for (const solver of ["evodiff", { name: "evodiff", variant: "released" }] as const) {
      const resolved = resolveRequest(mixture, { solver, steps, count: 3 });
      await runRequest(new Evaluator(mixture, new VectorPool()), { ...resolved, backend: watched });
      // Between DDIM's first and last step; the last correction has DDIM's step behind it, and what waits at the start of
      // the published variant is its first probe alone.
      const corrections = together.splice(0).slice(solver === "evodiff" ? 0 : 1);
      expect(corrections).toEqual(new Array(steps - 2).fill(2));
    }
  });

  it("do not see what the model emits for others", async () => {
    const names = [
      "ddim",
      "dpm-solver++-2m",
      "unipc",
      "evodiff",
      "edm-heun",
      "ddpm",
      "dpm-solver++-12",
      "era",
    ];
    const requests = names.flatMap((solver, i) =>
      [5, 8].map((steps) => ({ solver, steps, count: 1 + (i % 3), seed: i })),
    );
    // Fewer rows than are asked for at once: evaluations are cut and wait for several calls.
    const engine = new Engine(mixture, { maxBatch: 5 });
    const together = await Promise.all(
      requests.map((request, i) =>
        i % 2 ? engine.sample(request) : engine.sample({ ...request, onStep: () => {} }),
      ),
    );
    await engine.close();
    for (const [i, request] of requests.entries()) {
      expect(together[i]!.data, request.solver).toEqual((await sample(mixture, request)).data);
    }
  });

  it("do not wait where what the model emitted lies in a vector that others are given next", async () => {
    // Emitted in float32 for requests in float64: converted into a vector of the pool, which goes back when the answer is
    // there. The observed request then takes one for the data prediction that it makes on the way to its noise prediction.
    const single: Denoiser = { ...mixture, dtype: "float32" };
    const common = { steps: 6, count: 2, dtype: "float64" } as const;
    const plain = { ...common, solver: "dpm-solver++-2m", seed: 1 };
    const observed = { ...common, solver: "dpm-solver-2m", seed: 2, onStep: () => {} };
    const engine = new Engine(single);
    const together = await Promise.all([engine.sample(plain), engine.sample(observed)]);
    await engine.close();
    for (const [i, request] of [plain, observed].entries()) {
      expect(together[i]!.data).toEqual((await sample(single, request)).data);
    }
  });

  it("say where the model returned NaN, though it is seen later", async () => {
    for (const bad of [1, 3, 5]) {
      let call = 0;
      const broken: Denoiser = {
        ...mixture,
        async evaluate(batch) {
          await mixture.evaluate(batch);
          if (++call === bad) batch.output[18 + 4] = Number.NaN;
        },
      };
      await expect(sample(broken, { solver: "dpm-solver++-2m", steps: 5, count: 2 })).rejects.toMatchObject({
        code: "MODEL_FAILED",
        where: `step ${bad}, evaluation ${bad}`,
        message: expect.stringContaining("NaN for sample 1"),
      });
    }
  });
});

describe("passes", () => {
  it("are made when too much waits for one call, and in the order asked for", () => {
    const [a, b] = [randomVector("float32", 100, 1), randomVector("float32", 100, 2)];
    const expected = a.slice();
    const seen: object[] = [];
    const passes = new Passes(hostBackend, (streams) => seen.push(...streams));
    for (let i = 0; i < 20; i++) {
      passes.combine(
        a,
        [
          [0.5, a],
          [1 / (i + 1), b],
        ],
        1,
      );
      hostBackend.combine(
        expected,
        [
          [0.5, expected],
          [1 / (i + 1), b],
        ],
        1,
      );
    }
    expect(seen.length).toBeGreaterThan(0);
    passes.settle();
    passes.settle();
    expect(a).toEqual(expected);
    expect(new Set(seen.map((streams) => JSON.stringify(streams)))).toEqual(
      new Set(['{"reads":2,"writes":1}']),
    );
  });

  it("wait beside noise for other vectors, and not for what is about to be written", () => {
    const [x, z] = [new Float32Array(4).fill(1), new Float32Array(4).fill(2)];
    const passes = new Passes(hostBackend);
    passes.combine(x, [[3, x]], 1);
    passes.settleBefore(z);
    expect(x[0]).toBe(1);
    passes.settleBefore(x);
    expect(x[0]).toBe(3);
    passes.combine(x, [[1, z]], 1);
    passes.settleBefore(z);
    expect(x[0]).toBe(2);
    passes.combine(x, [[5, x]], 1);
    passes.drop();
    passes.settle();
    expect(x[0]).toBe(2);
  });

  it("look at what is to be finite even where nothing is done with it", () => {
    const passes = new Passes(hostBackend);
    passes.check(Float32Array.of(1, Number.POSITIVE_INFINITY), (index) => new RangeError(`at ${index}`));
    expect(() => passes.settle()).toThrow("at 1");
    passes.settle();
  });
});
