import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type EvaluateOptions, evaluate, gaussianMixture, type Plan, worlds } from "../../lib/index.js";
import { writeNpz } from "../../lib/io/index.js";
import { folder } from "./folders.js";

const few = {
  samples: 80,
  seeds: [3, 4],
  replicates: 40,
  reference: { solver: "dpm-solver++-3m", steps: 60 },
};

describe("a reference", () => {
  it("starts where the cell's grid starts and ends where it ends", async () => {
    const { cells } = await evaluate("circle8", {
      ...few,
      methods: [
        { name: "whole", solver: "ddim" },
        { name: "lower", solver: "ddim", grid: { schedule: "log-snr", sigmaMax: 3 } },
        { name: "zero", solver: "ddim", grid: { schedule: "log-snr", final: "zero" } },
      ],
      nfe: [20],
      metrics: ["rmse"],
      out: folder(),
    });
    const [whole, lower, zero] = cells.map(({ reference, sigmas }) => {
      expect(reference).toMatchObject({ from: sigmas[0], to: sigmas.at(-1) });
      return reference!;
    });
    expect(lower!.from).toBeCloseTo(3, 9);
    expect(zero!.to).toBe(0);
    expect(new Set([whole!.key, lower!.key, zero!.key]).size).toBe(3);
    // From the lower level, too, the error is the solver's alone.
    expect(cells[1]!.metrics.rmse!.value).toBeLessThan(cells[0]!.metrics.rmse!.value);
  });
});

it("a kept reference that does not hold all samples is solved anew", async () => {
  const out = folder();
  const rmseOf = async (solver: string) => {
    const plan = { ...few, methods: [{ solver }], nfe: [4], metrics: ["rmse"], out };
    return (await evaluate("circle8", plan)).cells[0]?.metrics.rmse?.value;
  };
  const whole = await rmseOf("ddim");
  const path = join(out, "references", readdirSync(join(out, "references"))[0]!);
  const nfe = { data: Int32Array.of(60), shape: [1] };
  await writeNpz(path, { samples: { data: new Float64Array(20), shape: [10, 2] }, nfe });
  expect(await rmseOf("unipc")).toBeLessThan(whole!);
});

describe("a trace", () => {
  it("holds what the steps did and what the solver measured", async () => {
    const { cells } = await evaluate("circle8", {
      ...few,
      methods: [{ solver: { name: "evodiff", variant: "released" } }, { solver: "ddim" }],
      nfe: [6],
      metrics: ["nll"],
      trace: 16,
      out: folder(),
    });
    const [evodiff, ddim] = cells.map(({ trace }) => JSON.parse(readFileSync(trace!, "utf8")));
    expect(evodiff).toMatchObject({ samples: 16 });
    expect(evodiff.steps).toHaveLength(6);
    expect(Object.keys(evodiff.steps[2].factors).sort()).toEqual([
      "a",
      "c",
      "eta",
      "etaStar",
      "zeta",
      "zetaStar",
    ]);
    expect(ddim.steps[2].factors).toEqual({});
    for (const { from, to, predictionVariance, entropyReduction } of ddim.steps) {
      expect(to).toBeLessThan(from);
      expect(predictionVariance).toBeGreaterThan(0);
      expect(entropyReduction).toBeLessThan(0);
    }
    // The open part of x_0 closes, and of DDIM's last step is nothing but the step itself.
    const open = ddim.steps.map((step: { predictionVariance: number }) => step.predictionVariance);
    expect(open[5]).toBeLessThan(open[0] / 100);
  });
});

describe("a denoiser", () => {
  const denoiser = gaussianMixture(worlds.grid8!);
  const asked = { methods: [{ solver: "ddim" }], steps: [4], samples: 8, replicates: 20 };

  it("is evaluated where it has a hash, by the truth that is given with it", async () => {
    const run = (hash: object, options: Partial<Plan & EvaluateOptions>) =>
      evaluate({ ...denoiser, ...hash }, { ...asked, out: folder(), ...options });
    await expect(run({}, {})).rejects.toThrow(/no hash/);
    const named = { hash: "grid8" };
    expect((await run(named, {})).metrics).toEqual(["rmse"]);
    expect((await run(named, { truth: worlds.grid8! })).cells[0]!.metrics).toHaveProperty("nll");
    await expect(run(named, { truth: worlds.discrete5! })).rejects.toThrow(/samples of shape/);
  });
});
