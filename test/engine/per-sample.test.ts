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
