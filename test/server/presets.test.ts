import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fastify } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine, loadModel, type Preset, type SpawnedEngine, sample } from "../../dist/index.js";
import quench from "../../dist/server/index.js";
import { presetsByModel } from "../../dist/server/presets.js";

const folder = fileURLToPath(new URL("../../models/digits", import.meta.url));
const read = (name: string): Preset =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../models/${name}`, import.meta.url)), "utf8"));
const preset = read("digits/presets/nfe-4.json");
const app = fastify({ forceCloseConnections: true });
let digits: SpawnedEngine;
let url: string;

beforeAll(async () => {
  digits = await Engine.spawn({ model: folder });
  await app.register(quench, { models: { digits }, presets: { digits: preset } });
  url = await app.listen({ port: 0, host: "127.0.0.1" });
}, 60_000);

afterAll(async () => {
  await app.close();
  await digits.close();
});

async function drawn(body: object): Promise<{ nfe: number; data: Buffer }> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/v1/samples`, { method: "POST", headers, body: JSON.stringify(body) });
  const { nfe, data } = (await answer.json()) as { nfe: number; data: string };
  return { nfe, data: Buffer.from(data, "base64") };
}

describe("a server with a preset", () => {
  test("draws with it what leaves all to the server", async () => {
    const model = await loadModel(folder, { session: { intraOpNumThreads: 1 } });
    const { data } = await sample(model, { preset, count: 2, seed: 3, labels: [1, 2] });
    await model.close();
    expect(await drawn({ count: 2, seed: 3, labels: [1, 2] })).toEqual({
      nfe: 4,
      data: Buffer.from(data.buffer),
    });
  });

  test.each([
    [{ steps: 5 }, 5],
    [{ solver: "ddim" }, 20],
    [{ grid: "edm" }, 20],
    [{ preset: read("digits/presets/nfe-6.json") }, 6],
  ])("and not what says anything itself: %#", async (asked, nfe) => {
    expect((await drawn({ ...asked, labels: 1 })).nfe).toBe(nfe);
  });

  test("as an option that is off says nothing", async () => {
    expect((await drawn({ labels: 1, denoiseToZero: false })).nfe).toBe(4);
  });

  test("tells clients which", async () => {
    const { models } = (await (await fetch(`${url}/v1/models`)).json()) as { models: object[] };
    expect(models).toEqual([
      expect.objectContaining({ name: "digits", preset: { solver: preset.solver.name, steps: 4, nfe: 4 } }),
    ]);
  });
});

test("a preset with guidance is for requests with a class: the others are drawn by the usual defaults", async () => {
  const guided = fastify({ forceCloseConnections: true });
  await guided.register(quench, { models: { digits }, presets: { digits: { ...preset, guidance: 2 } } });
  const nfeOf = async (payload: object) => {
    const answer = await guided.inject({ method: "POST", url: "/v1/samples", payload });
    return [answer.statusCode, (answer.json() as { nfe?: number }).nfe];
  };
  const { models } = (await guided.inject("/v1/models")).json() as { models: object[] };
  expect(models).toMatchObject([{ preset: { nfe: 4, guidance: 2 } }]);
  expect(await nfeOf({ labels: 3 })).toEqual([200, 4]);
  expect(await nfeOf({ labels: [3, 10] })).toEqual([200, 4]);
  for (const body of [{}, { count: 2 }, { labels: 10 }]) expect(await nfeOf(body)).toEqual([200, 20]);
  await guided.close();
});

describe("presets of a server", () => {
  const registered = (presets: object, limits: object = {}) =>
    fastify().register(quench, { models: { digits }, presets, ...limits } as never);

  test.each([
    [
      "of other steps than their grid's",
      { steps: 5 },
      {},
      "INVALID_ARGUMENT",
      /4 intervals but 5 are needed/,
    ],
    [
      "of other nodes than their single steps need",
      { steps: 4, solver: { name: "dpm-solver++-2s", orders: "fixed" } },
      {},
      "INVALID_ARGUMENT",
      /4 intervals but 2 are needed/,
    ],
    [
      "of other nodes than their evaluations need",
      { steps: 9, solver: { name: "pndm-diffusers" } },
      {},
      "INVALID_ARGUMENT",
      /4 intervals but 9 are needed/,
    ],
    [
      "of nodes that rise",
      { grid: { sigma: [1, 2, 0.5, 0.1, 0] } },
      {},
      "INVALID_ARGUMENT",
      /grid.sigma\[1\]/,
    ],
    ["of an unknown solver", { solver: { name: "dimm" } }, {}, "UNKNOWN_NAME", /did you mean "ddim"/],
    ["of an unknown option", { solver: { name: "ddim", eto: 1 } }, {}, "UNKNOWN_NAME", /did you mean "eta"/],
    ["of the model's scheduler", { solver: { name: "scheduler" } }, {}, "INVALID_ARGUMENT", /brings its own/],
    ["of an unknown schedule", { grid: "edn" }, {}, "UNKNOWN_NAME", /did you mean "edm"/],
    [
      "of coefficients in a file",
      { solver: { name: "iia-edm", coefficients: "iia.json" } },
      {},
      "INVALID_ARGUMENT",
      /coefficients/,
    ],
    ["of too much work", {}, { evaluationLimit: 3 }, "INVALID_ARGUMENT", /more than the limit of 3/],
  ])("%s are refused at registration", async (_, change, limits, code, message) => {
    await expect(registered({ digits: { ...preset, ...change } }, limits)).rejects.toMatchObject({
      code,
      where: "presets.digits",
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ["of a model that is not served", { other: preset }, "UNKNOWN_NAME", "presets"],
    ["of other weights", { digits: read("garments/presets/nfe-4.json") }, "MODEL_MISMATCH", "presets.digits"],
    ["that are none", { digits: { kind: "risk" } }, "INVALID_ARGUMENT", undefined],
  ])("%s are refused", async (_, presets, code, where) => {
    await expect(registered(presets)).rejects.toMatchObject({ code, ...(where ? { where } : {}) });
  });

  test("of nodes for single steps are taken", async () => {
    const solver = { name: "dpm-solver++-2s", orders: "fixed" };
    await registered({ digits: { ...preset, solver, steps: 8 } });
    await registered({ digits: { ...preset, solver: { name: "dpm-solver-3s" } } });
  });

  test("find their models by their weights", () => {
    expect(presetsByModel([preset], { mine: digits })).toEqual({ mine: preset });
    expect(() => presetsByModel([preset, preset], { digits })).toThrow(
      /two of them are of the model "digits"/,
    );
    expect(() => presetsByModel([read("garments/presets/nfe-4.json")], { digits })).toThrow(
      /tuned on "garments", or on other weights of it; served: digits/,
    );
  });
});
