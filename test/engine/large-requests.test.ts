import { expect, test } from "vitest";
import { backendFor } from "../../lib/device/index.js";
import { VectorPool } from "../../lib/engine/pool.js";
import { Engine, functionDenoiser, sample, sampleSteps, vpLinear } from "../../lib/index.js";

let calls = 0;
const large = functionDenoiser({
  process: vpLinear({}),
  prediction: "sample",
  shape: [3, 1024, 1024],
  evaluate: ({ output }) => {
    calls++;
    output.fill(0);
  },
});
const refused = { name: "QuenchError", code: "INVALID_ARGUMENT" };

test("more samples than there is memory for are refused at once", async () => {
  const begun = performance.now();
  for (const count of [10_000_000, 1_000_000_000]) {
    await expect(sample(large, { count })).rejects.toMatchObject({ ...refused, where: "count" });
    await expect(sampleSteps(large, { count }).next()).rejects.toMatchObject({ ...refused, where: "count" });
    await expect(new Engine(large).sample({ count })).rejects.toMatchObject({ ...refused, where: "count" });
  }
  const small = { ...large, shape: [1] };
  await expect(sample(small, { count: 1e9 })).rejects.toMatchObject(refused);
  expect(performance.now() - begun).toBeLessThan(500);
  expect(calls).toBe(0);
});

test("a request that is cancelled before it begins sets nothing up", async () => {
  const signal = AbortSignal.abort();
  const begun = performance.now();
  await expect(sample({ ...large, shape: [1] }, { count: 9_000_000, signal })).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(performance.now() - begun).toBeLessThan(200);
});

test("memory that cannot be had is an error of ours", () => {
  const backend = {
    ...backendFor("cpu"),
    allocate: () => {
      throw new RangeError("Array buffer allocation failed");
    },
  };
  expect(() => new VectorPool().take("float32", 2 ** 20, backend as never)).toThrow(
    expect.objectContaining({ ...refused, where: "count" }),
  );
});
