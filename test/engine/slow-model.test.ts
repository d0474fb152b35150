import { afterEach, expect, it } from "vitest";
import { Engine, functionDenoiser, sample, vpLinear } from "../../lib/index.js";

/** Calls that are under way, and what lets each of them come back. */
const held: (() => void)[] = [];
let holds = true;
afterEach(() => {
  for (const release of held.splice(0)) release();
  holds = true;
});

const model = () =>
  functionDenoiser({
    process: vpLinear({}),
    prediction: "sample",
    shape: [2],
    async evaluate({ input, output }) {
      if (holds) await new Promise<void>((resolve) => held.push(resolve));
      for (let i = 0; i < output.length; i++) output[i] = Math.tanh(input[i]!);
    },
  });
const underWay = async () => {
  while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
};

it("a draw whose model does not come back ends with its signal", async () => {
  const control = new AbortController();
  const drawn = sample(model(), { steps: 2, signal: control.signal });
  await underWay();
  control.abort(new Error("enough"));
  await expect(drawn).rejects.toThrow("the request was aborted");
  expect(held).toHaveLength(1);
});

it("requests of an engine end by deadline, signal and close, and the engine when the call is back", async () => {
  const engine = new Engine(model());
  const late = engine.sample({ steps: 2, seed: 1 }, { deadline: Date.now() + 50 });
  await underWay();
  await expect(late).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });

  // What comes next waits for the call that is under way, and is drawn as by itself.
  const next = engine.sample({ steps: 2, seed: 2 });
  holds = false;
  held.pop()!();
  expect((await next).data).toEqual((await sample(model(), { steps: 2, seed: 2 })).data);

  holds = true;
  const last = engine.sample({ steps: 2, seed: 3 });
  await underWay();
  let closed = false;
  const closing = engine.close({ drain: false }).then(() => {
    closed = true;
  });
  await expect(last).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
  expect(closed).toBe(false);
  held.pop()!();
  await closing;
  expect(engine.stats().vectorBytes).toBe(0);
});
