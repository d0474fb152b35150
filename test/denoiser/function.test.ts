import { expect, test } from "vitest";
import type { Batch } from "../../lib/denoiser/denoiser.js";
import { type FunctionDenoiserOptions, functionDenoiser, loadModel } from "../../lib/denoiser/index.js";
import { sample } from "../../lib/index.js";
import { edm } from "../../lib/process/index.js";

const options = { process: edm(), prediction: "sample", shape: [2] } as const;

function batch(rows: number) {
  const levels = Array.from({ length: rows }, () => edm().at(1));
  return {
    rows,
    input: Float64Array.from({ length: rows * 2 }, (_, i) => i),
    output: new Float64Array(rows * 2),
    levels,
    labels: undefined,
  };
}

test("a function may fill the output or return it, at once or later", async () => {
  const halves = (input: ArrayLike<number>) => Array.from(input, (value) => value / 2);
  for (const evaluate of [
    ({ input, output }: ReturnType<typeof batch>) => output.set(halves(input)),
    ({ input }: ReturnType<typeof batch>) => halves(input),
    async ({ input }: ReturnType<typeof batch>) => halves(input),
    ({ input, output }: ReturnType<typeof batch>) => {
      output.set(halves(input));
      return output;
    },
  ]) {
    const given = batch(2);
    await functionDenoiser({ ...options, evaluate: evaluate as never }).evaluate(given);
    expect(Array.from(given.output)).toEqual([0, 0.5, 1, 1.5]);
  }
});

test.each([
  ["dtype", ["half", 5, null]],
  ["valueRange", ["x", [1], [1, -1], [Number.NaN, 1], null, ["a", "b"]]],
  ["classes", ["abc", 5, null]],
  ["nullClass", ["x", -1, 1.5, Number.NaN, null, 2 ** 40]],
])("a %s that is none is refused, also of a denoiser made by hand", async (name, values) => {
  const evaluate = () => {
    throw new Error("no call");
  };
  const made = functionDenoiser({ ...options, evaluate });
  for (const value of values) {
    const error = (where: string) => expect.objectContaining({ code: "INVALID_ARGUMENT", where });
    expect(() => functionDenoiser({ ...options, evaluate, [name]: value } as never)).toThrow(error(name));
    await expect(sample({ ...made, [name]: value } as never)).rejects.toEqual(error(`denoiser.${name}`));
  }
});

test("the caller's shape is copied", async () => {
  const shape = [2];
  const evaluate = ({ output }: Batch) => void output.fill(0);
  const denoiser = functionDenoiser({ ...options, shape, evaluate });
  shape[0] = 3;
  expect((await sample(denoiser, { steps: 2 })).shape).toEqual([1, 2]);
});

test("what it is told is what it says", async () => {
  let closed = false;
  const denoiser = functionDenoiser({
    ...options,
    name: "mine",
    dtype: "float64",
    classes: ["a"],
    evaluate: () => undefined,
    close: () => {
      closed = true;
    },
  });
  expect(denoiser).toMatchObject({
    name: "mine",
    dtype: "float64",
    shape: [2],
    prediction: "sample",
    classes: ["a"],
    batchInvariant: false,
  });
  await denoiser.close();
  expect(closed).toBe(true);
});

test("what a function does not write is found, and not what its last call left", async () => {
  let calls = 0;
  const forgetful = functionDenoiser({
    ...options,
    evaluate: ({ output }) => {
      if (calls++ === 0) output.fill(0);
    },
  });
  await expect(sample(forgetful, { steps: 3 })).rejects.toMatchObject({
    code: "MODEL_FAILED",
    message: expect.stringContaining("returned NaN"),
  });
  expect(calls).toBe(2);
});

test("a result of the wrong length, and a throw", async () => {
  const short = functionDenoiser({ ...options, evaluate: () => [1, 2, 3] });
  await expect(short.evaluate(batch(2))).rejects.toMatchObject({
    code: "MODEL_FAILED",
    message: expect.stringContaining("3 numbers, expected 2 rows of 2"),
  });
  const broken = functionDenoiser({
    ...options,
    evaluate: () => {
      throw new RangeError("out of sorts");
    },
  });
  await expect(broken.evaluate(batch(1))).rejects.toMatchObject({
    code: "MODEL_FAILED",
    message: expect.stringContaining("out of sorts"),
  });
});

test("a shape that is none", () => {
  expect(() =>
    functionDenoiser({ ...options, prediction: "data" as never, evaluate: () => undefined }),
  ).toThrow(expect.objectContaining({ code: "UNKNOWN_NAME" }));
  expect(() => functionDenoiser({ ...options, shape: [0], evaluate: () => undefined })).toThrow(
    expect.objectContaining({ where: "shape" }),
  );
});

test("what a returned array holds is the prediction, in a draw as in a call", async () => {
  for (const evaluate of [
    ({ output }: { output: Float32Array }) => new Float32Array(output.length).fill(0.25),
    async ({ output }: { output: Float32Array }) => new Float64Array(output.length).fill(0.25),
    async ({ output }: { output: Float32Array }) => Array.from(output, () => 0.25),
  ]) {
    const denoiser = functionDenoiser({ ...options, evaluate: evaluate as never });
    const { data } = await sample(denoiser, { steps: 4, grid: { schedule: "edm", final: "zero" }, count: 3 });
    for (const value of data) expect(value).toBeCloseTo(0.25, 6);
  }
});

test("what is returned and is no array of numbers", async () => {
  for (const [returned, said] of [
    [0.5, "returned 0.5"],
    [["a", "b"], "an array"],
    [{ data: [1, 2] }, "an object"],
    [new BigInt64Array(2), "an object of BigInt64Array"],
  ]) {
    const denoiser = functionDenoiser({ ...options, evaluate: () => returned as never });
    await expect(denoiser.evaluate(batch(1))).rejects.toMatchObject({
      code: "MODEL_FAILED",
      message: expect.stringContaining(said as string),
    });
  }
});

test("a member that is missing or is none is named at once", () => {
  const whole = { ...options, evaluate: () => undefined };
  for (const [changes, where] of [
    [{ process: undefined }, "process"],
    [{ process: "edm" }, "process"],
    [{ prediction: undefined }, "prediction"],
    [{ shape: undefined }, "shape"],
    [{ shape: 4 }, "shape"],
    [{ conditions: { prompt: [77, 768] } }, "conditions.prompt.shape"],
    [{ conditions: { prompt: { shape: [0] } } }, "conditions.prompt.shape"],
    [{ conditions: "prompt" }, "conditions"],
    [{ evaluate: undefined }, "evaluate"],
  ] as const) {
    expect(() => functionDenoiser({ ...whole, ...changes } as never)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where }),
    );
  }
  expect(() => functionDenoiser(undefined as never)).toThrow(
    expect.objectContaining({ code: "INVALID_ARGUMENT", where: "options" }),
  );
});

test("a misspelt option is refused, and the nearest named", () => {
  expect(() =>
    functionDenoiser({ ...options, evaluate: () => undefined, nullclass: 2 } as FunctionDenoiserOptions),
  ).toThrow(
    expect.objectContaining({
      code: "UNKNOWN_NAME",
      message: expect.stringContaining('did you mean "nullClass"?'),
    }),
  );
});

test("a function around a model has the members of the model", async () => {
  const model = await loadModel(new URL("../../models/digits", import.meta.url).pathname);
  const around = functionDenoiser({ ...model, evaluate: (batch) => model.evaluate(batch) });
  expect(around).toMatchObject({ hash: model.hash, classes: model.classes, nullClass: model.nullClass });
  await model.close();
});

test("an instance of a class may have members of its own", async () => {
  class Counting implements FunctionDenoiserOptions {
    readonly process = options.process;
    readonly prediction = options.prediction;
    readonly shape = options.shape;
    calls = 0;
    evaluate({ output }: Batch): void {
      this.calls++;
      output.fill(0);
    }
  }
  const counting = new Counting();
  await functionDenoiser(counting).evaluate(batch(1));
  expect(counting.calls).toBe(1);
});
