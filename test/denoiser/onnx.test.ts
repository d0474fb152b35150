import { existsSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Batch, loadModel, type Model, type ModelConfig } from "../../lib/denoiser/index.js";
import { loadRuntime } from "../../lib/denoiser/onnx-runtime.js";
import { modelFolder, told } from "./support.js";

async function load(fixture: string, changes: Partial<ModelConfig> = {}): Promise<Model> {
  const model = await loadModel(await modelFolder(fixture, changes));
  onTestFinished(() => model.close());
  return model;
}

/** Evaluates rows whose elements are 0, 2, 4 … and returns the output, which starts as NaN. */
async function evaluate(
  model: Model,
  times: number[],
  labels?: number[],
): Promise<Float32Array | Float64Array> {
  const VectorType = model.dtype === "float64" ? Float64Array : Float32Array;
  const input = new VectorType(Array.from({ length: times.length * 4 }, (_, i) => 2 * i));
  const output = new VectorType(times.length * 4).fill(Number.NaN);
  const batch: Batch = {
    rows: times.length,
    input,
    output,
    levels: times.map(told),
    labels: labels && Int32Array.from(labels),
  };
  await model.evaluate(batch);
  return output;
}

/** What the fixtures compute: half the input, plus time, plus label. */
const expected = (times: number[], labels: number[] = []) =>
  times.flatMap((time, row) => [0, 1, 2, 3].map((element) => row * 4 + element + time + (labels[row] ?? 0)));

const classes = Array.from({ length: 10 }, (_, i) => String(i));

describe("ONNX networks", () => {
  test("float32 time, one number per row", async () => {
    const model = await load("plain");
    expect(model).toMatchObject({
      name: "fixture",
      dtype: "float32",
      shape: [1, 2, 2],
      batchInvariant: false,
      prediction: "epsilon",
    });
    expect(model.fixedBatch).toBeUndefined();
    expect(Array.from(await evaluate(model, [0.5, 1.5, -2]))).toEqual(expected([0.5, 1.5, -2]));
    expect(Array.from(await evaluate(model, [7]))).toEqual(expected([7]));
  });

  test("integer times are rounded to the nearest, inputs found by type and name", async () => {
    const model = await load("int64-time", { classes });
    expect(Array.from(await evaluate(model, [998.6, 3.4], [2, 9]))).toEqual(expected([999, 3], [2, 9]));
    expect(Array.from(await evaluate(await load("int32-time"), [998.6, 3.4]))).toEqual(expected([999, 3]));
  });

  test("float times are not rounded", async () => {
    expect(Array.from(await evaluate(await load("plain"), [998.5]))).toEqual(expected([998.5]));
  });

  test.each(["scalar-time", "one-time"])("%s: rows are split by their time", async (fixture) => {
    const model = await load(fixture);
    const times = [1, 1, 2, 3, 3, 1];
    expect(Array.from(await evaluate(model, times))).toEqual(expected(times));
  });

  test("a time of shape [N, 1]", async () => {
    expect(Array.from(await evaluate(await load("column-time"), [1, 2]))).toEqual(expected([1, 2]));
  });

  test.each([1, 3, 4, 5, 8, 11])("a fixed batch of 4 evaluates %i rows", async (rows) => {
    const model = await load("fixed-batch", { classes, nullClass: 10 });
    expect(model.fixedBatch).toBe(4);
    const times = Array.from({ length: rows }, (_, i) => i / 2);
    const labels = Array.from({ length: rows }, (_, i) => i % 11);
    expect(Array.from(await evaluate(model, times, labels))).toEqual(expected(times, labels));
  });

  test("float64", async () => {
    const model = await load("float64");
    expect(model.dtype).toBe("float64");
    const output = await evaluate(model, [1 / 3, 0]);
    expect(output).toBeInstanceOf(Float64Array);
    expect(Array.from(output)).toEqual(expected([1 / 3, 0]));
  });

  test.runIf(existsSync(new URL("../../build/Release", import.meta.url)))(
    "float16 behind a float32 contract",
    async () => {
      const model = await load("float16");
      expect(model.dtype).toBe("float32");
      expect(Array.from(await evaluate(model, [0.5, 1.25]))).toEqual(expected([0.5, 1.25]));
    },
  );

  test("rows inside larger buffers are read and written in place, the rest untouched", async () => {
    const model = await load("plain");
    const input = new Float32Array(16).fill(6);
    const output = new Float32Array(16).fill(-1);
    for (let repeat = 0; repeat < 3; repeat++) {
      const batch = {
        rows: 2,
        input: input.subarray(4, 12),
        output: output.subarray(4, 12),
        levels: [told(1), told(repeat)],
        labels: undefined,
      };
      await model.evaluate(batch);
      const lines = [-1, 4, 3 + repeat, -1].flatMap((value) => Array(4).fill(value));
      expect(Array.from(output)).toEqual(lines);
    }
  });

  test("calls that overlap do not mix", async () => {
    for (const fixture of ["plain", "scalar-time", "fixed-batch"]) {
      const model = await load(fixture, fixture === "fixed-batch" ? { classes, nullClass: 0 } : {});
      const all = [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8, 9],
      ];
      const outputs = await Promise.all(all.map((times) => evaluate(model, times)));
      for (const [i, output] of outputs.entries()) expect(Array.from(output)).toEqual(expected(all[i]!));
    }
  });

  test("closing waits for the call under way", async () => {
    const model = await load("plain");
    const output = evaluate(model, [4]);
    await model.close();
    expect(Array.from(await output)).toEqual(expected([4]));
  });

  test("the null class stands in where no labels are given", async () => {
    const model = await load("labelled", { classes, nullClass: 10 });
    expect(Array.from(await evaluate(model, [0]))).toEqual(expected([0], [10]));
  });

  test("a network without names in model.json and without a shape", async () => {
    const { shape } = await load("plain", { shape: undefined });
    expect(shape).toEqual([1, 2, 2]);
    expect((await load("symbolic-shape")).shape).toEqual([1, 2, 2]);
  });

  test("NaN is passed on, for the engine to report with its step", async () => {
    expect(Array.from(await evaluate(await load("nan-output"), [1]))).toEqual(Array(4).fill(Number.NaN));
  });
});

describe("misuse", () => {
  test("a run that fails rejects, and the next one works", async () => {
    const model = await load("labelled", { classes, nullClass: 10 });
    await expect(evaluate(model, [1], [77])).rejects.toMatchObject({
      code: "MODEL_FAILED",
      message: expect.stringContaining("77"),
    });
    expect(Array.from(await evaluate(model, [1], [7]))).toEqual(expected([1], [7]));
  });

  test("labels missing, or given to a model that takes none", async () => {
    await expect(evaluate(await load("labelled", { classes }), [1])).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "labels",
    });
    await expect(evaluate(await load("plain"), [1], [1])).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "labels",
    });
  });

  test("vectors of the wrong dtype or length", async () => {
    const model = await load("plain");
    const batch = {
      rows: 2,
      input: new Float32Array(8),
      output: new Float32Array(8),
      levels: [told(1), told(1)],
      labels: undefined,
    };
    await expect(model.evaluate({ ...batch, input: new Float64Array(8) })).rejects.toMatchObject({
      where: "batch.input",
    });
    await expect(model.evaluate({ ...batch, output: new Float32Array(7) })).rejects.toMatchObject({
      where: "batch.output",
    });
    await expect(model.evaluate({ ...batch, levels: [told(1)] })).rejects.toMatchObject({
      where: "batch.levels",
    });
  });

  test("a closed model", async () => {
    const model = await loadModel(await modelFolder("plain"));
    await model.close();
    await model.close();
    await expect(evaluate(model, [1])).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("closed"),
    });
  });

  test("a missing onnxruntime-node says how to install it", async () => {
    await expect(loadRuntime("a-package-that-is-not-installed")).rejects.toMatchObject({
      code: "MISSING_DEPENDENCY",
      message: expect.stringContaining("npm install onnxruntime-node"),
    });
  });
});

describe("model.json against the network", () => {
  const cases: [
    name: string,
    fixture: string,
    changes: Record<string, unknown>,
    where: string,
    message: RegExp,
  ][] = [
    [
      "input name",
      "plain",
      { inputs: { x: "sample" } },
      "/inputs/x",
      /no input "sample"; it has "x" float32\[N, 1, 2, 2\]/,
    ],
    ["output name", "plain", { outputs: { prediction: "eps" } }, "/outputs/prediction", /no output "eps"/],
    ["shape", "plain", { shape: [1, 4, 4] }, "/shape", /\[1, 4, 4\].*\[N, 1, 2, 2\]/],
    ["rank", "plain", { shape: [4] }, "/shape", /\[4\]/],
    ["open shape", "symbolic-shape", { shape: undefined }, "/shape", /must give it/],
    ["output shape", "doubled-output", {}, "/outputs/prediction", /predict a variance/],
    [
      "input type",
      "int32-time",
      { inputs: { x: "t" } },
      "/inputs/x",
      /expected float32, float16, float64.*"t" int32\[N\]/,
    ],
    ["label as time", "labelled", { classes, inputs: { time: "x", x: "t" } }, "/shape", /./],
    ["labels without classes", "labelled", {}, "/classes", /must list the classes/],
    ["classes without labels", "plain", { classes }, "/classes", /takes no labels/],
  ];
  test.each(cases)("%s", async (_, fixture, changes, where, message) => {
    await expect(load(fixture, changes as Partial<ModelConfig>)).rejects.toMatchObject({
      code: "MODEL_MISMATCH",
      where,
      message: expect.stringMatching(message),
    });
  });
});
