// Requests whose own numbers are too large, and sample numbers that the noise has no room for.

import { expect, test } from "vitest";
import { functionDenoiser } from "../../lib/denoiser/index.js";
import { type SampleRequest, sample } from "../../lib/engine/index.js";
import { vpLinear } from "../../lib/process/index.js";

let calls = 0;
const denoiser = functionDenoiser({
  process: vpLinear(),
  prediction: "epsilon",
  shape: [2],
  classes: ["a", "b"],
  nullClass: 2,
  evaluate: ({ output, labels }) => {
    calls++;
    for (let i = 0; i < output.length; i++) output[i] = labels![i >> 1] === 2 ? -1 : 1 + i;
  },
});

const dynamic = { type: "dynamic" } as const;
const guided = { labels: 0, guidance: 1e38, steps: 12 };

test.each<[string, SampleRequest, string]>([
  ["float32's range", { ...guided, guidance: 1e39 }, "guidance"],
  ["the other sign of it", { ...guided, guidance: -1e300 }, "guidance"],
  ["of x_T", { initialScale: 1e39 }, "initialScale"],
  ["sample numbers", { firstSample: 2 ** 32 }, "firstSample"],
  ["the last sample's number", { firstSample: 2 ** 32 - 3, count: 4 }, "firstSample"],
  [
    "PyTorch's seeds",
    { rng: "torch-cpu", seed: `${2n ** 64n - 3n}`, firstSample: 1, count: 3 },
    "firstSample",
  ],
])("%s: is refused before the model is called", async (_, request, where) => {
  calls = 0;
  await expect(sample(denoiser, request)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where });
  expect(calls).toBe(0);
});

test("numbers up to those bounds are taken", async () => {
  await sample(denoiser, { firstSample: 2 ** 32 - 4, count: 4, steps: 2 });
  await sample(denoiser, { rng: "torch-cpu", seed: 2n ** 64n - 4n, firstSample: 1, count: 3, steps: 2 });
  await sample(denoiser, { firstSample: 2 ** 40, seeds: [1], steps: 2 });
});

test.each<[string, SampleRequest]>([
  ["a draw", guided],
  ["dynamic thresholding", { ...guided, thresholding: dynamic }],
  ["ERA's choice", { ...guided, solver: "era", guidance: 1e30 }],
  ["float64", { ...guided, dtype: "float64", guidance: 1e308 }],
  ["float64, thresholded", { ...guided, dtype: "float64", guidance: 1e308, thresholding: dynamic }],
])("%s with a guidance that overflows names it", async (_, request) => {
  await expect(sample(denoiser, request)).rejects.toMatchObject({
    name: "QuenchError",
    code: "INVALID_ARGUMENT",
    where: "guidance",
  });
});

test("predictions that overflow are the model's failure", async () => {
  const huge = functionDenoiser({
    process: vpLinear(),
    prediction: "epsilon",
    shape: [2],
    evaluate: ({ output }) => output.fill(3e38),
  });
  await expect(sample(huge, { count: 2 })).rejects.toMatchObject({
    code: "MODEL_FAILED",
    message: expect.stringContaining("sample 0"),
  });
});
