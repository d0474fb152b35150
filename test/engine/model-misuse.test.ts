import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Batch, Denoiser } from "../../lib/denoiser/denoiser.js";
import { type AroundCall, Engine, functionDenoiser, sample, vpLinear } from "../../lib/index.js";

const own = { process: vpLinear(), prediction: "sample", shape: [2] } as const;
const buffers = ["input", "output"] as const;
const types = ["float32", "float64"] as const;

function detach({ buffer }: Batch["input"]): void {
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
}

describe.each(buffers.flatMap((buffer) => types.map((dtype) => [buffer, dtype] as const)))(
  "a model that detaches its %s in %s",
  (buffer, dtype) => {
    test("fails its request by name, and the next one is drawn", async () => {
      let calls = 0;
      const model = functionDenoiser({
        ...own,
        name: "mover",
        evaluate: (batch) => {
          batch.output.fill(0.5);
          if (++calls === 2) detach(batch[buffer]);
        },
      });
      const engine = new Engine(model);
      await expect(engine.sample({ steps: 4, dtype })).rejects.toMatchObject({
        name: "QuenchError",
        code: "MODEL_FAILED",
        message: expect.stringMatching(/evaluation 2.*"mover" detached the buffers of its batch/),
      });
      const { data } = await engine.sample({ steps: 4, dtype });
      const quiet = functionDenoiser({ ...own, evaluate: ({ output }) => void output.fill(0.5) });
      expect(data).toEqual((await sample(quiet, { steps: 4, dtype })).data);
      await engine.close();
    });

    test("is told so where that is why it throws", async () => {
      const model = functionDenoiser({
        ...own,
        evaluate: (batch) => {
          detach(batch[buffer]);
          throw new TypeError("no buffer");
        },
      });
      await expect(sample(model, { steps: 1, dtype })).rejects.toThrow(
        expect.objectContaining({ code: "MODEL_FAILED", message: expect.stringContaining("detached") }),
      );
    });
  },
);

/** A denoiser that nobody of ours has made. */
const foreign: Denoiser = {
  ...own,
  name: "foreign",
  dtype: "any",
  batchInvariant: false,
  evaluate: () => Promise.reject(new TypeError("not today")),
  close: () => Promise.reject(new TypeError("stuck")),
};

test("what a model throws that is no function's is MODEL_FAILED too", async () => {
  await expect(sample(foreign, { steps: 1 })).rejects.toMatchObject({
    name: "QuenchError",
    code: "MODEL_FAILED",
    message: expect.stringContaining('"foreign" failed (not today)'),
  });
});

test("a model that fails to close", async () => {
  const failure = { name: "QuenchError", code: "MODEL_FAILED" };
  await expect(new Engine(foreign).close()).rejects.toMatchObject({
    ...failure,
    message: '"foreign" failed to close (stuck)',
  });
  const model = functionDenoiser({
    ...own,
    evaluate: () => undefined,
    close: () => {
      throw new TypeError("stuck");
    },
  });
  const message = '"function" failed to close (stuck)';
  await expect(model.close()).rejects.toMatchObject({ ...failure, message });
  await expect(new Engine(model).close()).rejects.toMatchObject({ ...failure, message });
});

test.each<[string, AroundCall]>([
  ["never calls", async () => {}],
  ["does not wait", async (call) => void call()],
  ["keeps the error to itself", async (call) => call().catch(() => {})],
])(
  "what runs a host's calls and %s fails the request: there are no predictions",
  async (name, aroundCall) => {
    const evaluate = async () => {
      await sleep(1);
      if (name.includes("error")) throw new Error("lost");
      return [0, 0];
    };
    const engine = new Engine(functionDenoiser({ ...own, evaluate }), { aroundCall });
    await expect(engine.sample({ steps: 2 })).rejects.toMatchObject({
      code: "MODEL_FAILED",
      message: expect.stringMatching(/aroundCall ended before the call/),
    });
  },
);
