import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import {
  Engine,
  functionDenoiser,
  loadModel,
  type SampleRequest,
  sample,
  vpLinear,
} from "../../dist/index.js";
import { type Server, startServer } from "../../dist/server/start.js";
import { modelFolder, writeFixture } from "../denoiser/support.js";

/** Each sample is what its row says; a model that knows the data. */
const echo = functionDenoiser({
  process: vpLinear({}),
  prediction: "sample",
  shape: [2],
  conditions: { prompt: { shape: [2] } },
  batchInvariant: true,
  evaluate({ rows, output, conditions }) {
    for (let row = 0; row < rows; row++) output.set(conditions![row]!.get("prompt")!, 2 * row);
  },
});
const [one, two, zero] = [Float32Array.of(1, 2), Float64Array.of(-3, 4), Int32Array.of(0, 0)];
const request = { steps: 3, grid: { schedule: "log-snr", final: "zero" } } as const;
const rounded = (data: ArrayLike<number>) => Array.from(data, (value) => Math.round(1e4 * value) / 1e4);

describe("conditions of a request", () => {
  test("go to all samples, or to each its own", async () => {
    const all = await sample(echo, { ...request, count: 2, conditions: { prompt: one } });
    expect(rounded(all.data)).toEqual([1, 2, 1, 2]);
    const each = await sample(echo, { ...request, count: 3, conditions: { prompt: [two, one, two] } });
    expect(rounded(each.data)).toEqual([-3, 4, 1, 2, -3, 4]);
  });

  test("guidance goes from the null ones", async () => {
    const guided = { ...request, guidance: 3, count: 2 };
    const { data } = await sample(echo, {
      ...guided,
      conditions: { prompt: [one, two] },
      nullConditions: { prompt: Float32Array.of(1, 1) },
    });
    expect(rounded(data)).toEqual([1, 4, -11, 10]);
    await expect(sample(echo, { ...guided, conditions: { prompt: one } })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "nullConditions.prompt",
    });
  });

  test("stay with their samples where requests share model calls, and where each sample runs alone", async () => {
    const engine = new Engine(echo, { maxBatch: 3 });
    const draws = await Promise.all([
      engine.sample({ ...request, count: 4, conditions: { prompt: [one, two, zero, one] } }),
      engine.sample({ ...request, steps: 5, conditions: { prompt: two } }),
      engine.sample({
        solver: "dpm-solver-12",
        grid: request.grid,
        count: 2,
        conditions: { prompt: [zero, one] },
      }),
    ]);
    expect(draws.map(({ data }) => rounded(data).map(Math.round))).toEqual([
      [1, 2, -3, 4, 0, 0, 1, 2],
      [-3, 4],
      [0, 0, 1, 2],
    ]);
  });

  test.each<[string, SampleRequest, object]>([
    ["none", {}, { where: "conditions.prompt" }],
    [
      "of another name",
      { conditions: { promt: one } },
      { code: "UNKNOWN_NAME", message: expect.stringMatching(/did you mean "prompt"/i) },
    ],
    [
      "of another size",
      { conditions: { prompt: new Float32Array(3) } },
      { where: "conditions.prompt", message: expect.stringContaining("expected 2 numbers, received 3") },
    ],
    [
      "too few",
      { count: 3, conditions: { prompt: [one, two] } },
      { message: expect.stringContaining("expected 3 rows, one for each sample (count), received 2") },
    ],
    [
      "not finite",
      { count: 2, conditions: { prompt: [one, Float32Array.of(0, Number.NaN)] } },
      { where: "conditions.prompt[1]" },
    ],
    ["plain numbers", { conditions: { prompt: [1, 2] as never } }, { code: "INVALID_ARGUMENT" }],
    ["no object", { conditions: [one] as never }, { where: "conditions" }],
    ["a map", { conditions: new Map([["prompt", one]]) as never }, { where: "conditions" }],
  ])("%s: refused before any model call", async (_, asked, error) => {
    const uncalled = { ...echo, evaluate: () => Promise.reject(new Error("called")) };
    await expect(sample(uncalled, { ...request, ...asked })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      ...error,
    });
  });

  test("are refused by a model that takes none", async () => {
    const plain = await loadModel(await modelFolder("plain"));
    onTestFinished(() => plain.close());
    await expect(sample(plain, { conditions: { prompt: one } })).rejects.toMatchObject({
      code: "UNKNOWN_NAME",
      where: "conditions.prompt",
    });
  });
});

describe("in a worker, over HTTP", () => {
  const text = (value: number) => new Float32Array(6).fill(value);
  const conditions = { encoder_hidden_states: [text(0.5), text(-0.25)], time_ids: Int32Array.of(1, 2) };
  const nullConditions = { encoder_hidden_states: text(0), time_ids: Int32Array.of(0, 0) };
  const guided = { ...request, solver: "ddim", grid: "log-snr", count: 2, guidance: 2 } as const;
  let folder: string;
  let server: Server;
  let data: Float32Array;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "quench-conditions-"));
    await writeFixture(folder, "conditioned", {
      conditions: { encoder_hidden_states: { shape: [3, 2] }, time_ids: { shape: [2] } },
    });
    const model = await loadModel(folder);
    ({ data } = (await sample(model, { ...guided, conditions, nullConditions })) as { data: Float32Array });
    await model.close();
    server = await startServer({ models: { text: await Engine.spawn({ model: folder }) }, port: 0 });
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const post = (body: object) =>
    fetch(`${server.url}/v1/samples`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...guided, ...body }),
    });
  const encoded = (row: ArrayLike<number>) => Buffer.from(Float32Array.from(row).buffer).toString("base64");
  const body = {
    conditions: {
      encoder_hidden_states: conditions.encoder_hidden_states.map(encoded),
      time_ids: encoded(conditions.time_ids),
    },
    nullConditions: {
      encoder_hidden_states: encoded(nullConditions.encoder_hidden_states),
      time_ids: encoded(nullConditions.time_ids),
    },
  };

  test.each(["thread", "process"] as const)("%s: the same samples", async (isolation) => {
    const engine = await Engine.spawn({ model: folder, isolation });
    onTestFinished(() => engine.close());
    expect(engine.model.conditions).toEqual({
      encoder_hidden_states: { shape: [3, 2], largest: (2 - 2 ** -23) * 2 ** 127 },
      time_ids: { shape: [2], largest: Number.MAX_SAFE_INTEGER },
    });
    const samples = await engine.sample({ ...guided, conditions, nullConditions });
    expect(samples.data).toEqual(data);
    await expect(engine.sample({ ...guided, conditions })).rejects.toMatchObject({
      where: "nullConditions.encoder_hidden_states",
    });
  });

  test("base64 of float32 over HTTP", async () => {
    const answer = (await (await post(body)).json()) as { data: string };
    expect(Buffer.from(answer.data, "base64")).toEqual(Buffer.from(data.buffer));
  });

  test.each([
    [{ ...body, nullConditions: undefined }, "/nullConditions/encoder_hidden_states"],
    [{ ...body, conditions: { ...body.conditions, time_ids: "AAAA" } }, "/conditions/time_ids"],
    [{ ...body, conditions: { ...body.conditions, time_ids: [1, 2] } }, "/conditions/time_ids/0"],
    [{ ...body, conditions: { ...body.conditions, time_ids: "no base64!!!" } }, "/conditions/time_ids"],
    [{ ...body, conditions: "all" }, "/conditions"],
  ])("refused with 400, naming the row", async (wrong, pointer) => {
    const response = await post(wrong);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { pointer } });
  });
});
