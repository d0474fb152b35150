import { expect, test } from "vitest";
import {
  Engine,
  functionDenoiser,
  imagesInMemory,
  recordedNoise,
  sample,
  vpLinear,
} from "../../lib/index.js";

let calls = 0;
const model = functionDenoiser({
  process: vpLinear({}),
  prediction: "sample",
  shape: [2],
  evaluate: ({ output }) => {
    calls++;
    output.fill(0);
  },
});
const argument = "INVALID_ARGUMENT";

test("NaN in what the caller brings is not blamed on the model", async () => {
  calls = 0;
  const initial = [0, 1, 2, NaN];
  await expect(sample(model, { count: 2, initial })).rejects.toMatchObject({
    code: argument,
    where: "initial",
    message: expect.stringContaining("NaN in row 1, element 1"),
  });
  expect(() =>
    recordedNoise([
      [0, 1],
      [Infinity, 0],
    ]),
  ).toThrow(expect.objectContaining({ code: argument, where: "noise[1]" }));
  const noise = { fill: (into: Float32Array | Float64Array) => void into.fill(NaN) };
  await expect(sample(model, { noise })).rejects.toMatchObject({
    code: argument,
    where: expect.stringContaining("noise"),
  });
  expect(() => imagesInMemory(Float32Array.of(0, 1, 2, NaN), 2, "mine")).toThrow(
    expect.objectContaining({ code: argument, where: "data" }),
  );
  expect(calls).toBe(0);
});

test("a request that fails gives all of its vectors back", async () => {
  const engine = new Engine(
    functionDenoiser({
      process: vpLinear({}),
      prediction: "sample",
      shape: [2],
      evaluate: ({ output }) => void output.fill(NaN),
    }),
  );
  const thresholding = { type: "clamp" as const };
  for (let i = 0; i < 5; i++)
    for (const more of [{ thresholding }, { onStep: () => {} }])
      await expect(engine.sample({ solver: "ipndm", steps: 3, ...more })).rejects.toMatchObject({
        code: "MODEL_FAILED",
      });
  expect(engine.stats().vectorBytes).toBe(0);
  await engine.close();
});
