import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { circle8, gaussianMixture } from "../../lib/denoiser/index.js";
import { sampleSteps } from "../../lib/engine/index.js";
import { vpLinear } from "../../lib/process/index.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const denoiser = gaussianMixture({ ...circle8, process: vpLinear() });

function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test("samples that run by themselves share their steps: rows × steps objects are never made", async () => {
  const [count, steps] = [200, 20_000];
  const before = heldBytes();
  const draw = sampleSteps(denoiser, { solver: "era", count, steps });
  expect((await draw.next()).done).toBe(false);
  expect(heldBytes() - before).toBeLessThan(count * steps * 8); // less than a pointer to each
  await draw.return(undefined as never);
});

test.each(["era", "dpm-solver++-12"])(
  "%s reports the predictions of all samples, each its own",
  async (solver) => {
    const request = { solver, steps: 6, seed: 3, dtype: "float64" } as const;
    const reports = async (first: number, count: number) => {
      const seen: (readonly [number, ArrayLike<number>, ArrayLike<number>])[] = [];
      for await (const step of sampleSteps(denoiser, { ...request, firstSample: first, count }))
        seen.push([step.index, step.x(), step.prediction()]);
      return seen;
    };
    const together = await reports(0, 3);
    const alone = await Promise.all([0, 1, 2].map((sample) => reports(sample, 1)));
    for (const [index, x, prediction] of together) {
      // A sample that needs fewer steps stays where it ended.
      const own = alone.map((steps) => steps[Math.min(index, steps.length - 1)]!);
      expect(Array.from(x)).toEqual(own.flatMap(([, one]) => Array.from(one)));
      expect(Array.from(prediction)).toEqual(own.flatMap(([, , one]) => Array.from(one)));
    }
  },
);
