import { expect, test } from "vitest";
import { functionDenoiser } from "../../lib/denoiser/index.js";
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
