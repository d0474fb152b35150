import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { functionDenoiser } from "../../lib/denoiser/index.js";
import { sample } from "../../lib/engine/index.js";
import { QuenchError } from "../../lib/errors.js";
import { edm } from "../../lib/process/index.js";

const steps = 50;

function denoiser(wait: () => Promise<void> | undefined) {
  return functionDenoiser({
    process: edm(),
    prediction: "sample",
    shape: [4],
    evaluate: ({ output }) => {
      output.fill(0);
      return wait();
    },
  });
}

/** Turns of the event loop while some work is done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let [turns, done] = [0, false];
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  await work;
  done = true;
  return turns;
}

describe("turns of the event loop", () => {
  test("every evaluation gives it one, where the model is a plain function", async () => {
    const turns = await turnsDuring(
      sample(
        denoiser(() => undefined),
        { steps },
      ),
    );
    expect(turns).toBeGreaterThan(0.9 * steps);
  });

  test("and not two, where the model's call has had one", async () => {
    const turns = await turnsDuring(
      sample(
        denoiser(() => turn()),
        { steps },
      ),
    );
    expect(turns).toBeGreaterThan(0.9 * steps);
    expect(turns).toBeLessThan(1.5 * steps);
  });

  test("so a timer can abort a draw from a plain function", async () => {
    const signal = AbortSignal.timeout(20);
    const endless = sample(
      denoiser(() => undefined),
      { steps: 100_000, signal },
    );
    await expect(endless).rejects.toThrowError(QuenchError);
  });
});
