import { expect, test } from "vitest";
import { functionDenoiser } from "../../lib/denoiser/index.js";
import { sample } from "../../lib/engine/index.js";
import { vpLinear } from "../../lib/process/index.js";

test("guidance without a class is refused before any model call", async () => {
  let calls = 0;
  const denoiser = functionDenoiser({
    process: vpLinear(),
    prediction: "sample",
    shape: [2],
    classes: ["a", "b"],
    nullClass: 2,
    evaluate: ({ output }) => {
      calls++;
      output.fill(0);
    },
  });
  await expect(sample(denoiser, { count: 2, steps: 3, guidance: 2 })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    where: "guidance",
    message: expect.stringContaining("expected labels"),
  });
  expect(calls).toBe(0);
  for (const request of [{ guidance: 1 }, {}, { guidance: 2, labels: 1 }, { guidance: 2, labels: [0, 2] }])
    expect((await sample(denoiser, { count: 2, steps: 3, ...request })).nfe).toBe(3);
});
