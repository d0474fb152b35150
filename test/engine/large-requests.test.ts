import { expect, test } from "vitest";
import { backendFor } from "../../lib/device/index.js";
import { VectorPool } from "../../lib/engine/pool.js";
import { Engine, functionDenoiser, sample, sampleSteps, vpLinear } from "../../lib/index.js";
import type { GridMaker } from "../../lib/schedule/index.js";
import { ddim } from "../../lib/solver/ddim.js";

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

/** Counts the requests whose grid was made, which is before anything is set up for each sample. */
function countingSolver() {
  let grids = 0;
  const solver = {
    ...ddim,
    grid: (make: GridMaker, steps: number) => {
      grids++;
      return make(steps);
    },
  };
  return { solver, grids: () => grids };
}

test("more samples than there is memory for are refused before anything is set up", async () => {
  const { solver, grids } = countingSolver();
  const request = { solver, count: 10_000_000 };
  for (const denoiser of [large, { ...large, shape: [1e9] }]) {
    await expect(sample(denoiser, request)).rejects.toMatchObject({ ...refused, where: "count" });
    await expect(sampleSteps(denoiser, request).next()).rejects.toMatchObject({ ...refused, where: "count" });
    await expect(new Engine(denoiser).sample(request)).rejects.toMatchObject({ ...refused, where: "count" });
  }
  await expect(sample({ ...large, shape: [1] }, { ...request, count: 1e9 })).rejects.toMatchObject(refused);
  expect([calls, grids()]).toEqual([0, 0]);
});

test("a request that is cancelled before it begins sets nothing up", async () => {
  const { solver, grids } = countingSolver();
  const request = { solver, count: 4, signal: AbortSignal.abort() };
  const small = { ...large, shape: [1] };
  await expect(sample(small, request)).rejects.toMatchObject({ code: "ABORTED" });
  await expect(sampleSteps(small, request).next()).rejects.toMatchObject({ code: "ABORTED" });
  await expect(new Engine(small).sample(request)).rejects.toMatchObject({ code: "ABORTED" });
  expect(grids()).toBe(0);
  await sample(small, { solver, count: 4, steps: 2 });
  expect(grids()).toBe(1);
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

test("error control over more samples than a call has arguments", async () => {
  const count = 200_000;
  const solver = { name: "dpm-solver++-12", errorNorm: "batch", absoluteTolerance: 10, firstStep: 2 };
  const { data } = await sample({ ...large, shape: [1] }, { solver, count });
  expect(data).toHaveLength(count);
});
