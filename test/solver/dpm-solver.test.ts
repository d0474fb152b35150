import { describe, expect, it } from "vitest";
import { functionDenoiser, gaussianMixture, sample } from "../../lib/index.js";
import { edm, type Level, vpLinear } from "../../lib/process/index.js";
import { dpmSolvers, mixedOrders } from "../../lib/solver/dpm-solver/index.js";
import type { SolverDefinition } from "../../lib/solver/index.js";
import { unipc } from "../../lib/solver/unipc/unipc.js";
import { denoiser, errorOf } from "./convergence.js";

const family = [...dpmSolvers, unipc] as unknown as SolverDefinition[];
const process = vpLinear();
const at = (t: number) => process.at(t);

/** A model whose prediction is a function of the level alone. */
const known = (prediction: "sample" | "epsilon", of: (level: Level) => number) =>
  functionDenoiser({
    process,
    prediction,
    shape: [2],
    batchInvariant: true,
    evaluate: ({ output, levels }) => {
      for (const [row, level] of levels.entries()) output.fill(of(level), 2 * row, 2 * row + 2);
    },
  });

describe("DPM-Solver family and UniPC", () => {
  it.each(family.filter(({ predicts }) => predicts === "data" || typeof predicts === "function"))(
    "$name is exact in any number of steps where the data prediction is constant",
    async ({ name, stochastic }) => {
      const options = stochastic === false ? {} : { eta: 0 };
      const [s, t] = [at(1), at(1e-3)];
      for (const steps of [1, 2, 3, 5, 7]) {
        const { data } = await sample(
          known("sample", () => 0.3),
          {
            solver: { name, ...options },
            steps,
            initial: [1.2, -0.4],
            dtype: "float64",
          },
        );
        const exact = (x: number) => (t.sigma / s.sigma) * (x - s.alpha * 0.3) + t.alpha * 0.3;
        expect(data[0]).toBeCloseTo(exact(1.2), 13);
        expect(data[1]).toBeCloseTo(exact(-0.4), 13);
      }
    },
  );

  it.each(family.filter(({ predicts }) => predicts === "noise"))(
    "$name is exact in any number of steps where the noise prediction is constant",
    async ({ name, stochastic }) => {
      const options = stochastic === false ? {} : { eta: 0 };
      const [s, t] = [at(1), at(1e-3)];
      for (const steps of [1, 2, 3, 5, 7]) {
        const { data } = await sample(
          known("epsilon", () => 0.3),
          {
            solver: { name, ...options },
            steps,
            initial: [1.2, -0.4],
            dtype: "float64",
          },
        );
        const exact = (x: number) => (t.alpha / s.alpha) * (x - s.sigma * 0.3) + t.sigma * 0.3;
        expect(data[0]! / exact(1.2)).toBeCloseTo(1, 11);
      }
    },
  );

  it("integrates predictions linear and quadratic in λ exactly with the exact single-step formulas", async () => {
    // ∫ e^λ λ^k dλ = e^λ (λ − 1), e^λ (λ² − 2λ + 2)
    const primitives = [(l: number) => l - 1, (l: number) => l * l - 2 * l + 2];
    for (const [k, primitive] of primitives.entries()) {
      const model = known("sample", ({ lambda }) => lambda ** (k + 1));
      const { data } = await sample(model, {
        solver: { name: `dpm-solver++-${k + 2}s`, correction: "heun", orders: "fixed" },
        steps: 12,
        grid: "time-quadratic",
        initial: [1.2, -0.4],
        dtype: "float64",
      });
      const [s, t] = [at(1), at(1e-3)];
      const integral = (l: Level) => Math.exp(l.lambda) * primitive(l.lambda);
      const exact = (t.sigma / s.sigma) * 1.2 + t.sigma * (integral(t) - integral(s));
      expect(data[0]).toBeCloseTo(exact, 10);
    }
  });

  it.each(family)("$name ends at the data prediction on a grid that ends at zero", async (solver) => {
    const mixture = gaussianMixture({ process, shape: [1], weights: [1], means: [[0.5]], stds: [0.2] });
    for (const steps of [1, 4, 7]) {
      const predictions: ArrayLike<number>[] = [];
      const { data, nfe } = await sample(mixture, {
        solver: solver.name,
        steps,
        grid: { schedule: "log-snr", final: "zero" },
        dtype: "float64",
        seed: 5,
        onStep: (report) => predictions.push(report.prediction()),
      });
      expect(data[0]).toBeCloseTo(predictions.at(-1)![0]!, 10);
      const promised = solver.evaluations(steps, solver.options.parse({}));
      if (promised !== undefined) expect(nfe).toBe(promised);
    }
  });

  it("spends exactly its budget of evaluations with mixed orders", async () => {
    for (const order of [2, 3] as const) {
      for (let budget = 1; budget <= 13; budget++) {
        expect(mixedOrders(budget, order).reduce((a, b) => a + b)).toBe(budget);
        const { nfe } = await sample(denoiser, { solver: `dpm-solver++-${order}s`, steps: budget });
        expect(nfe).toBe(budget);
      }
    }
    expect(mixedOrders(9, 3)).toEqual([3, 3, 2, 1]);
    expect(mixedOrders(10, 3)).toEqual([3, 3, 3, 1]);
    expect(mixedOrders(11, 3)).toEqual([3, 3, 3, 2]);
  });

  it("refuses fewer evaluations than one step takes, before any of them", async () => {
    const model = known("sample", () => {
      throw new Error("called");
    });
    const request = { solver: { name: "dpm-solver-3s", orders: "fixed" }, steps: 2 };
    await expect(sample(model, request)).rejects.toThrow(/evaluations/);
  });
});

describe("adaptive DPM-Solver", () => {
  const names = ["dpm-solver-12", "dpm-solver-23", "dpm-solver++-12", "dpm-solver++-23"];

  it.each(names)("%s comes closer with a smaller tolerance, for more evaluations", async (name) => {
    const runs = [];
    for (const tolerance of [3e-2, 3e-3, 3e-4]) {
      const solver = { name, absoluteTolerance: tolerance, relativeTolerance: tolerance };
      runs.push(await errorOf({ solver }));
    }
    const [coarse, middle, fine] = runs as [(typeof runs)[0], (typeof runs)[0], (typeof runs)[0]];
    expect(fine.error).toBeLessThan(middle.error / 3);
    expect(middle.error).toBeLessThan(coarse.error / 3);
    expect(fine.nfe).toBeGreaterThan(middle.nfe);
    expect(fine.error).toBeLessThan(1e-2);
  });

  it.each(names)("%s controls its error from EDM's noise of 80 as it does on VP", async (name) => {
    const model = gaussianMixture({
      process: edm(),
      shape: [2],
      weights: [0.5, 0.3, 0.2],
      means: [
        [-1, 0.5],
        [1, 0.2],
        [0.2, -1],
      ],
      stds: [0.4, 0.5, 0.45],
    });
    const request = {
      grid: { schedule: "log-snr", final: "min" },
      count: 8,
      seed: 9,
      dtype: "float64",
    } as const;
    const truth = await sample(model, { ...request, solver: "dpm-solver++-3m", steps: 1000 });
    const { data } = await sample(model, { ...request, solver: name });
    expect(Math.max(...truth.data.map((value, i) => Math.abs(value - data[i]!)))).toBeLessThan(0.15);
  });

  it.each(names)("%s grows by no more than it may where both orders agree", async (name) => {
    // A prediction of nothing at all: every step's error is zero.
    const model = known(name.includes("++") ? "sample" : "epsilon", () => 0);
    const growths = async (options: { readonly maximumGrowth?: number }) => {
      const lambdas = [at(1).lambda];
      const onStep = ({ level }: { readonly level: Level }) => void lambdas.push(level.lambda);
      await sample(model, {
        solver: { name, ...options },
        grid: { schedule: "log-snr", final: "min" },
        onStep,
      });
      const steps = lambdas.slice(1).map((lambda, i) => lambda - lambdas[i]!);
      return steps.slice(1).map((step, i) => step / steps[i]!);
    };
    expect(Math.max(...(await growths({})))).toBeCloseTo(5, 6);
    expect(Math.max(...(await growths({ maximumGrowth: 2 })))).toBeCloseTo(2, 6);
    expect(Math.max(...(await growths({ maximumGrowth: Number.MAX_VALUE })))).toBeGreaterThan(100);
  });

  it("gives a sample the same bits alone and in a batch by default, and not with the batch's norm", async () => {
    const initial = [0.4, 0.7, -0.9, 0.3, 2.2, -1.1];
    const run = (errorNorm: string, rows: number[]) =>
      sample(denoiser, {
        solver: { name: "dpm-solver++-23", errorNorm },
        count: rows.length,
        initial: rows.flatMap((row) => initial.slice(2 * row, 2 * row + 2)),
      });
    const together = await run("sample", [0, 1, 2]);
    const apart = [await run("sample", [0]), await run("sample", [1]), await run("sample", [2])];
    expect(together.data).toEqual(Float32Array.from(apart.flatMap(({ data }) => [...data])));
    const coupled = await run("batch", [0, 1, 2]);
    expect(coupled.data).not.toEqual(together.data);
  });

  it("says so where the tolerance is beneath what can be met", async () => {
    const solver = { name: "dpm-solver-12", absoluteTolerance: 1e-30, relativeTolerance: 1e-30 };
    await expect(sample(denoiser, { solver })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it.each(names)("%s gives up at the most evaluations it may take, and not before", async (name) => {
    const solver = { name, absoluteTolerance: 1e-3, relativeTolerance: 1e-3 };
    const { nfe } = await sample(denoiser, { solver });
    let calls = 0;
    const counted: typeof denoiser = {
      ...denoiser,
      evaluate: (batch) => {
        calls++;
        return denoiser.evaluate(batch);
      },
    };
    const drawn = await sample(counted, { solver: { ...solver, maximumEvaluations: nfe } });
    expect([drawn.nfe, calls]).toEqual([nfe, nfe]);
    calls = 0;
    const refused = sample(counted, { solver: { ...solver, maximumEvaluations: nfe - 1 } });
    await expect(refused).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "solver.maximumEvaluations",
    });
    expect(calls).toBeLessThan(nfe);
  });
});
