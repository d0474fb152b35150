import { afterAll, describe, expect, it } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine, functionDenoiser, sample, vpLinear } from "../../dist/index.js";
import { ownCopy } from "../../lib/engine/own-copy.js";

/** Every sample is drawn to what its state says, or its condition. */
const towards = functionDenoiser({
  process: vpLinear({}),
  prediction: "sample",
  shape: [2],
  conditions: { prompt: { shape: [2] } },
  evaluate({ rows, input, output, conditions }) {
    for (let i = 0; i < 2 * rows; i++)
      output[i] = Math.tanh(input[i]!) + conditions![Math.floor(i / 2)]!.get("prompt")![i % 2]!;
  },
});
const request = (initial: Float32Array, prompt: Float32Array) => ({
  ...{ initial, steps: 3, solver: "ddim" },
  conditions: { prompt },
});
const expected = await Promise.all(
  [0, 1, 2, 3].map((k) => sample(towards, request(new Float32Array(2).fill(k), Float32Array.of(k, -k)))),
);

it("copies what is nested deeper than the stack is", () => {
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  let copy = ownCopy({ deep }).deep;
  let depth = 0;
  for (; Array.isArray(copy); depth++) copy = copy[0];
  expect(depth).toBe(100_000);
});

describe("what a request brings is as it was when it was asked for", () => {
  it("where it waits for others", async () => {
    const engine = new Engine(towards, { maxBatch: 1 });
    const [initial, prompt] = [new Float32Array(2), new Float32Array(2)];
    const waiting = [0, 1, 2, 3].map((k) => {
      initial.fill(k);
      prompt.set([k, -k]);
      return engine.sample(request(initial, prompt));
    });
    initial.fill(Number.NaN);
    for (const [k, { data }] of (await Promise.all(waiting)).entries())
      expect(data).toEqual(expected[k]!.data);
    await engine.close();
  });

  it("where it is drawn at once", async () => {
    const [initial, prompt] = [new Float32Array(2).fill(2), Float32Array.of(2, -2)];
    const drawn = sample(towards, request(initial, prompt));
    for (const array of [initial, prompt]) array.fill(9);
    expect((await drawn).data).toEqual(expected[2]!.data);
  });

  const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
  const engine = Engine.spawn({ model: { module }, isolation: "process", maxBatch: 1 });
  afterAll(async () => (await engine).close());

  it("in a worker", async () => {
    const spawned = await engine;
    const size = spawned.model.shape.reduce((a, b) => a * b, 1);
    // One row of a larger table: the others are not sent.
    const table = new Float32Array(50 * size);
    const [initial, grid] = [table.subarray(size, 2 * size), { sigma: [5, 1, 0.1] }];
    const drawn = [0, 1].map((k) => {
      initial.fill(k);
      return spawned.sample({ initial, grid });
    });
    initial.fill(7);
    grid.sigma.fill(0);
    const [first, second] = await Promise.all(drawn);
    const alone = async (k: number) =>
      (await spawned.sample({ initial: new Float32Array(size).fill(k), grid: { sigma: [5, 1, 0.1] } })).data;
    expect([first!.data, second!.data]).toEqual([await alone(0), await alone(1)]);
  });
});

describe("a copy of one's own", () => {
  it("has the elements of typed arrays and not the buffers behind them, each once", () => {
    const row = new Float32Array(1000).subarray(3, 5).fill(4);
    const call = () => 1;
    const given = { rows: [row, row], nested: { labels: [1, 2] }, call, big: 3n };
    const copy = ownCopy(given);
    expect(copy).toEqual(given);
    expect(copy.rows[0]!.buffer.byteLength).toBe(8);
    expect(copy.rows[0]).toBe(copy.rows[1]);
    expect(copy.nested.labels).not.toBe(given.nested.labels);
    expect(copy.call).toBe(call);
  });

  it("ends where members lead back", () => {
    const given: { self?: unknown } = {};
    given.self = given;
    const copy = ownCopy(given);
    expect(copy.self).toBe(copy);
    expect(copy).not.toBe(given);
  });
});

describe("refused before any model call", () => {
  it("an initial state beyond float32, or of no numbers", async () => {
    const refused = (initial: ArrayLike<unknown>) =>
      sample(towards, { initial: initial as ArrayLike<number>, conditions: { prompt: new Float32Array(2) } });
    await expect(refused([1e39, 0])).rejects.toMatchObject({
      ...{ code: "INVALID_ARGUMENT", where: "initial" },
      message: expect.stringMatching(/finite in float32.* row 0, element 0/),
    });
    await expect(refused(BigInt64Array.of(1n, 2n))).rejects.toThrow(/received a bigint in row 0/);
    await expect(refused(["1", "2"])).rejects.toThrow(/received "1" in row 0/);
  });

  it("an argument of a model's module that no worker can be given", async () => {
    const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
    for (const isolation of ["thread", "process"] as const) {
      const spawned = Engine.spawn({ model: { module, argument: { log: () => 1 } }, isolation });
      await expect(spawned).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where: "model.argument" });
      const options = { session: { log: () => 1 } } as object;
      const opened = Engine.spawn({ model: { path: "models/digits", options }, isolation });
      await expect(opened).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where: "model.options" });
    }
  });
});
