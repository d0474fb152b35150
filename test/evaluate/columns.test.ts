import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { circle8, evaluate, gaussianMixture } from "../../lib/index.js";
import { folder } from "./folders.js";

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
      {
        name: "single steps",
        solver: "scire-3",
        grid: { schedule: "edm", final: "zero" as const },
        nfe: [7],
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
      ["single steps", 7, 3, 7],
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

  it("of another guidance scale than the plan's are refused", async () => {
    const plan = { ...few, guidance: 2, methods: [{ presets: [preset] }], out: folder() };
    await expect(evaluate("circle8", plan)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: 'guidance: the plan\'s is 2, and a preset of "presets" is of none',
    });
  });

  it("of as many calls as another of the method are refused: a table has one place for both", async () => {
    const method = { name: "tuned", presets: [preset, { ...preset, grid: "log-snr" }] };
    await expect(evaluate("circle8", { ...few, methods: [method], out: folder() })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "methods",
      message: expect.stringContaining('two presets of "tuned" are of 9 model calls'),
    });
  });

  it("are good for a model with rows of its own for further inputs, as where samples are drawn", async () => {
    const hash = "ab".repeat(32);
    const model = {
      ...gaussianMixture(circle8),
      hash,
      conditions: { text: { shape: [2], optional: true, digest: "cd" } },
    };
    const tuned = { ...preset, model: { name: "circle8", sha256: hash } };
    const plan = { ...few, metrics: ["rmse"], methods: [{ presets: [tuned] }], out: folder() };
    expect((await evaluate(model, plan)).cells).toMatchObject([{ nfe: 9 }]);
  });
});
