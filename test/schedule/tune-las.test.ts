import { expect, it } from "vitest";
import { imagesInMemory, type LasTuneOptions, measureRisk, tuneLas } from "../../lib/calibrate/index.js";
import { continuous5, gaussianMixture } from "../../lib/denoiser/index.js";
import { edm } from "../../lib/process/index.js";

const model = gaussianMixture({ ...continuous5, process: edm() });
const clean = Float64Array.from({ length: 40 }, (_, i) => (i % 5) - 2);
const risk = await measureRisk(model, imagesInMemory(clean, 1, "five places"), { levels: 16 });
const options: LasTuneOptions = {
  ...{ steps: 4, axes: [10, "inf"], smoothnesses: [0], exponents: [2], samples: 8, metric: "mean" },
  score: (samples) => Math.abs(Array.from(samples).reduce((a, b) => a + b, 0)),
};

it("takes the seed as a number too", async () => {
  const record = await tuneLas(model, risk, { ...options, seed: 5n });
  expect(await tuneLas(model, risk, { ...options, seed: 5 })).toEqual(record);
  expect(record.budget).toMatchObject({ trials: 2, samples: 8, seed: "5" });
});

it.each([
  ["samples", { samples: 0 }],
  ["samples", { samples: 2.5 }],
  ["batch", { batch: 0 }],
  ["seed", { seed: 1.5 }],
  ["seed", { seed: -1n }],
])("names %s that are none", async (where, wrong) => {
  const tuned = tuneLas(model, risk, { ...options, ...wrong });
  await expect(tuned).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where });
});

it.each<[string, Partial<Record<keyof LasTuneOptions, unknown>>]>([
  ["axis", { axes: [10, -1] }],
  ["exponent", { smoothnesses: [0, 1], exponents: [2, 0.5] }],
  ["axes", { axes: [] }],
  ["smoothnesses", { smoothnesses: 0 }],
  ["score", { score: undefined }],
])("a wrong %s is refused before any model call", async (where, wrong) => {
  const untouched = { ...model, evaluate: () => Promise.reject(new Error("called")) };
  const tuned = tuneLas(untouched, risk, { ...options, ...wrong } as LasTuneOptions);
  await expect(tuned).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where });
});
