import { expect, it } from "vitest";
import { type SampleRequest, sample } from "../../lib/index.js";
import { circle } from "../tune/worlds.js";

it.each<[string, NonNullable<SampleRequest["thresholding"]>]>([
  ["thresholding.range", { type: "clamp", range: [1, -1] }],
  ["thresholding.range", { type: "clamp", range: [0, Number.NaN] }],
  ["thresholding.floor", { type: "dynamic", floor: 1e-60 }],
  ["thresholding.floor", { type: "dynamic", floor: 1e300 }],
  ["thresholding.ceiling", { type: "dynamic", ceiling: 1e-60 }],
])("%s of %j is refused before the model is called", async (where, thresholding) => {
  let calls = 0;
  const counted: typeof circle = {
    ...circle,
    evaluate(batch) {
      calls++;
      return circle.evaluate(batch);
    },
  };
  await expect(sample(counted, { thresholding })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    where: expect.stringContaining(where),
  });
  expect(calls).toBe(0);
});
