// Requests as programs write them; public-types.test.ts compiles this file, which is half of the test.

import { expect, test } from "vitest";
import { gaussianMixture, gridMaker, type Plan, type SampleRequest, sample, vpLinear } from "../lib/index.js";
import type { SamplesBody } from "../lib/server/index.js";

const process = vpLinear();
const model = gaussianMixture({ weights: [1], means: [[0, 0]], stds: [1], shape: [2], process });

test("the noise levels of samples are a grid", async () => {
  const first = await sample(model, { steps: 3 });
  const again = await sample(model, { grid: { t: first.times } });
  expect(again.data).toEqual(first.data);
});

test("levels in typed arrays are those in lists", async () => {
  const t = [0.875, 0.5, 0.25]; // exact in float32
  const { data } = await sample(model, { grid: { t } });
  for (const times of [Float32Array.from(t), Float64Array.from(t)]) {
    expect((await sample(model, { grid: { t: times } })).data).toEqual(data);
    expect(gridMaker(process, { t: times })(2).levels).toEqual(gridMaker(process, { t })(2).levels);
  }
  const sigma = Float64Array.of(8, 2, 0.5);
  expect((await sample(model, { grid: { sigma } })).nfe).toBe(2);
  expect(gridMaker(process, { sigma })(2).levels.map((level) => level.sigma / level.alpha)[1]).toBeCloseTo(2);
});

test("lists may be read-only", async () => {
  const seeds: readonly number[] = [1, 2];
  const labels: readonly number[] = [0, 1];
  expect((await sample(model, { seeds, steps: 1 })).shape).toEqual([2, 2]);
  await expect(sample(model, { labels, steps: 1 })).rejects.toMatchObject({ where: "labels" });
});

test("a request may be a constant", async () => {
  const request = {
    seeds: [1, 2],
    solver: { name: "ddim", eta: 0.5 },
    grid: { sigma: [8, 2, 0.5] },
    thresholding: { type: "clamp", range: [-1, 1] },
  } as const;
  const asked: SampleRequest = request;
  const body: SamplesBody = request;
  const plan: Plan = { methods: [request], nfe: [2] } as const;
  const { data } = await sample(model, asked);
  expect((await sample(model, { ...body })).data).toEqual(data);
  expect(plan.methods).toHaveLength(1);
});
