import { expect, it } from "vitest";
import { callsOf, functionDenoiser, recordedNoise, sample } from "../../lib/index.js";
import { vpLinear } from "../../lib/process/index.js";

const denoiser = functionDenoiser({
  process: vpLinear(),
  prediction: "sample",
  shape: [2],
  classes: ["a", "b"],
  nullClass: 2,
  evaluate: ({ output }) => void output.fill(0.1),
});

it.each([
  { seeds: [3, 4, 5] },
  { initial: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], count: 3 },
  { labels: [0, 1, 0], guidance: 2 },
  { labels: [0, 1, 0], count: 3 },
  { solver: "ddpm", initial: [0.1, 0.2], noise: recordedNoise([1, 2, 3].map(() => [1, 2])) },
])("counts the calls of %j as the draw makes them", async (request) => {
  const reports: unknown[] = [];
  const asked = { solver: "ddim", steps: 3, ...request };
  const calls = await callsOf(denoiser, { ...asked, onStep: (report) => void reports.push(report) });
  expect(reports).toHaveLength(0);
  expect(calls).toBe((await sample(denoiser, asked)).nfe);
});
