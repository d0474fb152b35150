import { readFileSync } from "node:fs";
import { fastify } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine, fromSchedulerConfig, type SpawnedEngine } from "../../dist/index.js";
import quench, { type QuenchPluginOptions } from "../../dist/server/index.js";
import { mixture } from "../fixtures/denoisers/faulty.mjs";

const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
const apps: ReturnType<typeof fastify>[] = [];
let engine: SpawnedEngine;

beforeAll(async () => {
  engine = await Engine.spawn({ model: { module, argument: { busyMilliseconds: 1 } }, queueLimit: 64 });
}, 60_000);

afterAll(async () => {
  for (const app of apps) await app.close();
  await engine.close();
});

/** A server of the engine with these limits; posts a body and gives the status and the error. */
async function serving(limits: Partial<QuenchPluginOptions>) {
  const app = fastify({ forceCloseConnections: true });
  apps.push(app);
  await app.register(quench, { models: { mixture: engine }, ...limits });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return async (body: object | string, withMessage = false) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/v1/samples`, {
      method: "POST",
      headers,
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const { error } = (await response.json()) as {
      error?: { code: string; message: string; pointer?: string };
    };
    return [response.status, error?.pointer ?? error?.code, ...(withMessage ? [error?.message] : [])];
  };
}

test("clients set no priorities unless the host lets them", async () => {
  const post = await serving({});
  expect(await post({ steps: 1, priority: 1 })).toEqual([400, "/priority"]);
  const open = await serving({ priorities: true });
  expect(await open({ steps: 1, priority: 1 })).toEqual([200, undefined]);
});

test("model evaluations of one request are limited, whoever says how many there are", async () => {
  const post = await serving({});
  expect(await post({ count: 2, steps: 50_001 })).toEqual([400, "/steps"]);
  expect(await post({ seeds: [1, 2], steps: 50_001 })).toEqual([400, "/steps"]);
  const narrow = await serving({ evaluationLimit: 39 });
  expect(await narrow({ count: 2 })).toEqual([400, "/steps"]); // of the 20 steps by default
  const sigma = Array.from({ length: 21 }, (_, i) => 10 - i / 4);
  expect(await narrow({ count: 2, grid: { sigma } })).toEqual([400, "/steps"]); // 20 steps by its grid
  expect(await narrow({ count: 3, steps: 13 })).toEqual([200, undefined]);
  const corrected = { name: "predictor-corrector", correctorSteps: 4 };
  expect(await narrow({ steps: 8, solver: corrected })).toEqual([200, undefined]); // 8 + 7 × 4
  expect(await narrow({ steps: 9, solver: corrected })).toEqual([400, "/steps"]);
  // To a last level above zero the corrector follows every step: 8 × 5.
  const above = { schedule: "edm", final: "min" };
  expect(await narrow({ steps: 8, solver: corrected, grid: above })).toEqual([400, "/steps"]);
  expect(await narrow({ steps: 7, solver: corrected, grid: above })).toEqual([200, undefined]);
  expect(await narrow({ steps: 9, solver: { ...corrected, correctorSteps: 1e6 } })).toEqual([
    400,
    "/solver/correctorSteps",
  ]);
  expect(await narrow({ steps: 20, guidance: 2, labels: 0 })).toEqual([400, "/steps"]);
  expect(await narrow({ steps: 39, denoiseToZero: true })).toEqual([400, "/steps"]);
  const adaptive = { name: "dpm-solver-12", maximumEvaluations: 40 };
  expect(await narrow({ steps: 1, solver: adaptive })).toEqual([400, "/steps"]);
  expect(await narrow({ steps: 1, solver: "dpm-solver-12" })).toEqual([400, "/steps"]);
  const bounded = { ...adaptive, maximumEvaluations: 39 };
  expect(await narrow({ steps: 1, solver: { ...bounded, absoluteTolerance: 10 } })).toEqual([200, undefined]);
  const [status] = await narrow({ steps: 1, solver: { ...bounded, absoluteTolerance: 1e-6 } });
  expect(status).toBe(400); // gives up
});

test("of a model's own scheduler as many evaluations are counted as any takes", async () => {
  for (const [steps, calls] of [
    [4, 13],
    [8, 17],
    [10, 20],
  ] as const) {
    for (const _class_name of ["PNDMScheduler", "HeunDiscreteScheduler", "KDPM2DiscreteScheduler"]) {
      const config = { _class_name, beta_schedule: "linear" };
      expect(fromSchedulerConfig(config, steps).timesteps.length).toBeLessThanOrEqual(calls);
    }
    // The model has no scheduler, which is found after the limits.
    const few = await serving({ evaluationLimit: calls - 1 });
    expect(await few({ steps, solver: "scheduler" })).toEqual([400, "/steps"]);
    const enough = await serving({ evaluationLimit: calls });
    expect(await enough({ steps, solver: "scheduler" })).toEqual([400, "/solver"]);
  }
});

test("a request is given up after the time limit, and clients cannot ask for more", async () => {
  const post = await serving({ timeLimit: 0.1 });
  expect(await post({ steps: 50_000 })).toEqual([504, "DEADLINE_EXCEEDED"]);
  expect(await post({ steps: 1, timeout: 0.2 })).toEqual([400, "/timeout"]);
});

test("lists longer than the queue are refused before their entries are looked at", async () => {
  const post = await serving({});
  for (const member of ["seeds", "labels"]) {
    expect(await post({ steps: 1, [member]: new Array(65).fill(-1) })).toEqual([400, `/${member}`]);
    expect(await post({ steps: 1, [member]: new Array(64).fill(-1) })).toEqual([400, `/${member}/0`]);
  }
});

const many = (entry: unknown) => new Array(20_000).fill(entry);
const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1]));
const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;

test.each([
  ["/solver/coefficients/steps", { solver: { name: "iia:ddim", coefficients: { steps: many({}) } } }],
  ["/preset/tuning/finalists", { preset: { tuning: { finalists: many({}) } } }],
  ["/grid/levels", { grid: { levels: many({}) } }],
  ["/grid/steps", { grid: { steps: many({}) } }],
  [
    "/grid/steps/1746",
    { grid: { steps: new Array(3000).fill({ from: {}, to: {} }) } },
    "objects and lists in all",
  ],
  ["/grid/t", { grid: { t: many("a") } }],
  ["/grid/risk/sigma", { grid: { schedule: "las", risk: { sigma: many(-1) } } }],
  ["", { grid: { a: new Array(8).fill(new Array(16_000).fill(1)) } }, "numbers and strings in all"],
  ["/grid/a/0", { grid: { a: [new Array(16_000).fill(-1)] } }, "negative numbers in all"],
  ["/grid/risk/sigma", { grid: { risk: { sigma: many(1).slice(0, 4097) } } }, "4096 entries"],
  [
    "/preset/grid/risk/sigma",
    { preset: { grid: { risk: { sigma: many(1).slice(0, 4097) } } } },
    "4096 entries",
  ],
  ["/solver", { solver: { name: "ddim", ...named(1000) } }, "1000 members"],
  ["/preset", { preset: named(60_000) }, "1000 members"],
  ["/solver", { solver: "x".repeat(2 ** 19) }],
  ["", { ["x".repeat(2 ** 19)]: 1 }],
  ["/a".repeat(32), deep, "within one another"],
])("bodies are bounded before their schema collects what is wrong: %s", async (pointer, body, says = "") => {
  const post = await serving({});
  const [status, place, message] = await post(body, true);
  expect([status, place]).toEqual([400, pointer]);
  expect(message).toContain(`expected`);
  expect(message).toContain(says);
  expect(message).toMatch(/ at most \d/);
});

test("as many levels as a risk curve may have, and as many members as an object, are looked at", async () => {
  const post = await serving({});
  const sigma = Array.from({ length: 4096 }, (_, i) => 0.01 * 1.002 ** i);
  const risk = { kind: "risk", sigma, risk: sigma };
  const grid = { schedule: "gaussian-optimal", risk, allowOtherModel: true };
  expect(await post({ steps: 4, grid })).toEqual([200, undefined]);
  expect(await post({ solver: { name: "ddim", ...named(999) } })).toEqual([400, "/solver"]);
});

test("a bundled model's risk curve, spectra and all, is within the bounds", async () => {
  const { model: _, ...risk } = JSON.parse(
    readFileSync(new URL("../../models/digits/risk.json", import.meta.url), "utf8"),
  );
  const post = await serving({});
  expect(await post({ steps: 4, grid: { schedule: "entropic", risk } })).toEqual([200, undefined]);
});

test("messages repeat the beginning of a long name, and prefixes of solvers are not unwound", async () => {
  const post = await serving({});
  for (const solver of ["x".repeat(900), "iia:".repeat(240)]) {
    const [status, place, message] = await post({ solver }, true);
    expect([status, place]).toEqual([400, "/solver"]);
    expect(message).toMatch(/^solver: unknown solver/);
    expect(message).not.toContain(solver.slice(0, 101));
  }
});

test.each([
  { bodyLimit: 0 },
  { bodyLimit: 1.5 },
  { numberLimit: -1 },
  { evaluationLimit: 0 },
  { timeLimit: Number.NaN },
])("limits that let nothing through are refused at registration: %o", async (limits) => {
  await expect(serving(limits)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    where: Object.keys(limits)[0],
  });
});

test("engines in the caller's own thread are refused at registration", async () => {
  const inline = new Engine(mixture()) as unknown as SpawnedEngine;
  await expect(serving({ models: { inline } })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    where: "models.inline",
  });
});

test.each([
  [{ numberLimt: 3 }, "UNKNOWN_NAME", "options", /did you mean "numberLimit"\?/],
  [{ preset: {} }, "UNKNOWN_NAME", "options", /did you mean "presets"\?/],
  [{ models: undefined }, "INVALID_ARGUMENT", "models", /expected engines by name.*received undefined/],
  [{ models: { none: null } }, "INVALID_ARGUMENT", "models.none", /made by Engine.spawn, received null/],
  [{ presets: null }, "INVALID_ARGUMENT", "presets", /expected presets by .*, received null/],
])("options that are none are refused at registration: %o", async (options, code, where, message) => {
  const refused = { code, where, message: expect.stringMatching(message) };
  await expect(serving(options as never)).rejects.toMatchObject(refused);
});

test("what is Fastify's own and a limit that limits nothing are let through", async () => {
  const post = await serving({ timeLimit: Infinity, logLevel: "warn" } as Partial<QuenchPluginOptions>);
  expect(await post({ steps: 1 })).toEqual([200, undefined]);
});
