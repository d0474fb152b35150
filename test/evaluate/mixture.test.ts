import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  compare,
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  gaussianMixture,
  markdownReport,
  type Plan,
  readNpz,
  worlds,
  writeReport,
} from "../../lib/index.js";

const folders: string[] = [];
function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), "quench-evaluate-")));
  return folders.at(-1)!;
}
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

const plan: Plan = {
  methods: [
    { solver: "ddim" },
    { solver: "dpm-solver++-2m" },
    { name: "ancestral", solver: { name: "ddim", eta: 1 } },
    { name: "bad", solver: "ddim", initialScale: 1e300 },
  ],
  nfe: [5, 10],
  samples: 80,
  seeds: [3, 4],
  metrics: ["nll", "rmse", "ode-error"],
  replicates: 40,
  reference: { solver: "dpm-solver++-3m", steps: 60 },
};

describe("an evaluation of a mixture", () => {
  const out = folder();
  let done: Evaluation;
  beforeAll(async () => {
    done = await evaluate("circle8", { ...plan, out });
  });
  const cell = (method: string, count: number, from = done) =>
    from.cells.find((one) => one.method === method && one.column.count === count)!;

  it("measures every method at every number of calls, with an interval around the value", () => {
    expect(done.cells.map(({ method, nfe }) => [method, nfe])).toEqual([
      ["ddim", 5],
      ["ddim", 10],
      ["dpm-solver++-2m", 5],
      ["dpm-solver++-2m", 10],
      ["ancestral", 5],
      ["ancestral", 10],
    ]);
    for (const { metrics, reused, seeds } of done.cells) {
      expect({ reused, seeds }).toEqual({ reused: false, seeds: ["3", "4"] });
      for (const { value, low, high, perSeed } of Object.values(metrics)) {
        expect(low < value && value < high).toBe(true);
        expect(value).toBeCloseTo((perSeed[0]! + perSeed[1]!) / 2, 12);
      }
    }
  });

  it("reports a cell that fails, and goes on", () => {
    expect(done.failed.map(({ method, error }) => [method, error.code])).toEqual([
      ["bad", "MODEL_FAILED"],
      ["bad", "MODEL_FAILED"],
    ]);
  });

  it("measures no trajectory error of stochastic solvers", () => {
    expect(Object.keys(cell("ancestral", 5).metrics)).toEqual(["nll"]);
    expect(Object.keys(cell("ddim", 5).metrics)).toEqual(["nll", "rmse", "ode-error"]);
    expect(cell("ddim", 5).metrics["ode-error"]!.value).toBeCloseTo(
      Math.SQRT2 * cell("ddim", 5).metrics.rmse!.value,
      12,
    );
  });

  it("keeps per-sample numbers from which the value follows", async () => {
    const errors = (await readNpz(cell("ddim", 10).arrays)).get("errors")!.data as Float64Array;
    expect(errors).toHaveLength(160);
    const mean = errors.reduce((a, b) => a + b, 0) / 160;
    expect(cell("ddim", 10).metrics.rmse!.value).toBeCloseTo(mean, 12);
  });

  it("takes finished cells again, whatever the plan calls them and asks for besides", async () => {
    const again = await evaluate("circle8", {
      ...plan,
      methods: [
        { name: "first order", solver: { name: "ddim", eta: 0 }, grid: "log-snr" },
        { solver: "deis-tab" },
      ],
      metrics: ["rmse"],
      out,
    });
    expect(again.cells.map(({ method, reused }) => [method, reused])).toEqual([
      ["first order", true],
      ["first order", true],
      ["deis-tab", false],
      ["deis-tab", false],
    ]);
    expect(cell("first order", 5, again).metrics).toEqual(cell("ddim", 5).metrics);
    // Pairs with a cell that was just made, too.
    expect(compare(cell("first order", 5, again), cell("ddim", 5), "rmse")).toMatchObject({ value: 0 });
    expect(readdirSync(join(out, "references"))).toHaveLength(1);
  });

  it("measures anew what was judged by another reference", async () => {
    const other = await evaluate("circle8", {
      ...plan,
      methods: [{ solver: "ddim" }],
      nfe: [5],
      reference: { solver: "edm-heun", steps: 8 },
      out: folder(),
    });
    expect(other.cells[0]!.key).toBe(cell("ddim", 5).key);
    expect(other.cells[0]!.metrics.rmse!.value).not.toBe(cell("ddim", 5).metrics.rmse!.value);
    expect(other.cells[0]!.metrics.nll).toEqual(cell("ddim", 5).metrics.nll);
  });

  it("tells a real difference, more sharply than if the noises were not shared", () => {
    const [a, b] = [cell("ddim", 5), cell("ddim", 10)];
    const found = compare(a, b, "rmse");
    expect(found).toMatchObject({ beyondNoise: true });
    expect(found.value).toBeCloseTo(a.metrics.rmse!.value - b.metrics.rmse!.value, 12);
    expect(compare(b, a, "rmse").value).toBe(-found.value);
    const nll = compare(a, b, "nll").standardError;
    expect(nll).toBeLessThan(Math.hypot(a.metrics.nll!.standardError, b.metrics.nll!.standardError));
  });

  it("tells no difference where there is none", async () => {
    const alike = await evaluate("circle8", {
      ...plan,
      methods: [{ solver: { name: "ddim", eta: 1 }, steps: [60, 61] }],
      metrics: ["nll"],
      out: folder(),
    });
    const found = compare(alike.cells[0]!, alike.cells[1]!, "nll");
    expect(found.value).not.toBe(0);
    expect(found.beyondNoise).toBe(false);
  });

  it("refuses to compare cells of other noises or without the metric", async () => {
    const other = await evaluate("circle8", {
      ...plan,
      methods: [{ solver: "ddim" }],
      seeds: [5, 6],
      metrics: ["nll"],
      out: folder(),
    });
    expect(() => compare(other.cells[0]!, cell("ddim", 5), "nll")).toThrow(/same seeds/);
    expect(() => compare(cell("ancestral", 5), cell("ddim", 5), "rmse")).toThrow(/has no "rmse"/);
  });

  it("says in the report what is best, what is tied and what failed", async () => {
    const text = markdownReport(done);
    const section = text.slice(text.indexOf("`rmse`, lower is better"));
    const row = (method: string) => section.split("\n").find((line) => line.startsWith(`| ${method} `))!;
    expect(row("dpm-solver++-2m")).toMatch(/\*\*.*\*\*.*\*\*.*\*\*/);
    expect(row("ddim")).not.toMatch(/\*\*|≈/);
    expect(row("ancestral")).toBe("| ancestral | – | – |");
    expect(row("bad")).toBe("| bad | failed | failed |");
    expect(text.match(/^## .*/gm)![0]).toMatch(/^## [A-Z]/);
    expect(markdownReport({ ...done, metrics: ["mode-weights"] })).toContain(
      "\n## χ² of the modes' weights\n",
    );
    const { files, left } = await writeReport(done, out);
    expect(left).toEqual([]);
    expect(files).toEqual(["results.md", "results.csv", "nll.svg", "rmse.svg", "ode-error.svg"]);
    const lines = readFileSync(join(out, "results.csv"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(1 + 4 * 3 + 2 * 1);
    expect(lines[1]).toMatch(/^ddim,nfe,5,5,5,80,3 4,nll,/);
    expect(readFileSync(join(out, "rmse.svg"), "utf8")).toMatch(/^<svg/);
  });
});

describe("columns of model calls", () => {
  it("hold the most steps that the calls allow, wherever the grid ends and whatever the request adds", async () => {
    const methods = [
      { name: "to zero", solver: "edm-heun", grid: "edm" },
      { name: "to sigma-min", solver: "edm-heun", grid: { schedule: "edm", final: "min" as const } },
      { name: "denoised", solver: "ddim", denoiseToZero: true },
      {
        name: "clean already",
        solver: "ddim",
        grid: { schedule: "edm", final: "zero" as const },
        denoiseToZero: true,
      },
      { name: "explicit", solver: "ddim", grid: { sigma: [10, 3, 1, 0.1] }, nfe: [3] },
    ];
    const { cells } = await evaluate("circle8", {
      methods,
      nfe: [5, 6],
      samples: 8,
      replicates: 20,
      metrics: ["nll"],
      out: folder(),
    });
    expect(cells.map(({ method, column, steps, nfe }) => [method, column.count, steps, nfe])).toEqual([
      ["to zero", 5, 3, 5],
      ["to zero", 6, 3, 5],
      ["to sigma-min", 5, 2, 4],
      ["to sigma-min", 6, 3, 6],
      ["denoised", 5, 4, 5],
      ["denoised", 6, 5, 6],
      ["clean already", 5, 5, 5],
      ["clean already", 6, 6, 6],
      ["explicit", 3, 3, 3],
    ]);
  });
});

describe("presets", () => {
  const preset = {
    kind: "preset" as const,
    version: 1 as const,
    model: { name: "circle8" },
    nfe: 9,
    solver: { name: "edm-heun" },
    steps: 5,
    grid: "edm",
  };
  const few = { samples: 8, replicates: 20, metrics: ["nll"] };

  it("are a method with a column each: the cell that their settings make", async () => {
    const out = folder();
    const path = join(out, "preset.json");
    writeFileSync(path, JSON.stringify(preset));
    const methods = [
      { name: "tuned", presets: [path, { ...preset, nfe: 5, steps: 3 }] },
      { solver: "edm-heun", grid: "edm", steps: [5] },
    ];
    const { cells } = await evaluate("circle8", { ...few, methods, out });
    expect(cells.map(({ method, column, nfe }) => [method, column.count, nfe])).toEqual([
      ["tuned", 9, 9],
      ["tuned", 5, 5],
      ["edm-heun", 5, 9],
    ]);
    expect(cells[2]!.key).toBe(cells[0]!.key);
  });

  it("of another model, or with a solver beside them, are refused", async () => {
    const run = (method: object) => evaluate("grid8", { ...few, methods: [method], out: folder() });
    await expect(run({ presets: [preset] })).rejects.toMatchObject({ code: "MODEL_MISMATCH" });
    await expect(run({ presets: [preset], solver: "ddim" })).rejects.toThrow(/either a solver or presets/);
    await expect(run({ presets: [preset], grid: "edm" })).rejects.toThrow(/bring their own/);
  });
});

describe("a reference", () => {
  it("starts where the cell's grid starts and ends where it ends", async () => {
    const { cells } = await evaluate("circle8", {
      ...plan,
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

describe("a trace", () => {
  it("holds what the steps did and what the solver measured", async () => {
    const { cells } = await evaluate("circle8", {
      ...plan,
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
